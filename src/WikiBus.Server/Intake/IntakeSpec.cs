using System.Text.Json.Nodes;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake;

/// <summary>Intake's part of the OpenAPI document.</summary>
internal static class IntakeSpec
{
    private const string Text = """
        {
          "/v1/events": {
            "post": {
              "tags": ["Events"],
              "summary": "Takes events in.",
              "operationId": "sendEvents",
              "description": "One event, or a list of events, each with $schema and meta.stream. Repeating is safe.",
              "parameters": [{
                "name": "hasty", "in": "query", "required": false, "schema": {"type": "string"},
                "description": "Any value that is not empty: answered before the events are validated and stored."
              }],
              "requestBody": {
                "required": true,
                "content": {
                  "application/json": {
                    "schema": {"oneOf": [
                      {"$ref": "#/components/schemas/Event"},
                      {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}
                    ]},
                    "example": {"$schema": "/test/event/1.0.0", "meta": {"stream": "test.event"}, "test": "hello"}
                  }
                }
              }
            },
            "options": {
              "tags": ["Events"], "summary": "Answers preflight requests.", "operationId": "sendEventsOptions",
              "security": [],
              "responses": {"200": {
                "description": "POST is allowed.", "content": {"text/html": {"schema": {"type": "string"}}}
              }}
            }
          },
          "/v1/_test/events": {
            "get": {
              "tags": ["Events"], "summary": "Takes the configured test events in.", "operationId": "sendTestEvents"
            }
          },
          "/v1/topics": {
            "post": {
              "tags": ["Events"],
              "summary": "An address in old READMEs of EventBus; the answer names the right one.",
              "operationId": "sendTopics",
              "deprecated": true,
              "security": [],
              "responses": {"404": {
                "description": "Events are posted to /v1/events.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RefusedEvents"}}}
              }}
            }
          },
          "/v1/stream-configs": {
            "get": {
              "tags": ["Streams"], "summary": "The settings of all streams.", "operationId": "listStreamConfigs",
              "security": [],
              "responses": {"200": {
                "description": "A map of stream to settings.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/StreamConfigs"}}}
              }}
            }
          },
          "/v1/stream-configs/{streams}": {
            "get": {
              "tags": ["Streams"],
              "summary": "The settings of some streams.",
              "operationId": "getStreamConfigs",
              "security": [],
              "parameters": [{
                "name": "streams", "in": "path", "required": true, "schema": {"type": "string"},
                "description": "Names of streams, separated by commas or bars; unknown ones are left out."
              }],
              "responses": {"200": {
                "description": "A map of stream to settings.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/StreamConfigs"}}}
              }}
            }
          },
          "/robots.txt": {
            "get": {
              "tags": ["Operation"], "summary": "Asks robots to stay away.", "operationId": "getRobots",
              "security": [],
              "responses": {"200": {
                "description": "Rules for robots.", "content": {"text/plain": {"schema": {"type": "string"}}}
              }}
            }
          },
          "/_info": {
            "get": {
              "tags": ["Operation"], "summary": "Name, version, description and home.", "operationId": "getInfo",
              "security": [],
              "responses": {"200": {
                "description": "The members.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Info"}}}
              }}
            }
          },
          "/_info/name": {
            "get": {
              "tags": ["Operation"], "summary": "The name.", "operationId": "getName", "security": [],
              "responses": {"200": {
                "description": "The name.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Info"}}}
              }}
            }
          },
          "/_info/version": {
            "get": {
              "tags": ["Operation"], "summary": "The version.", "operationId": "getVersion", "security": [],
              "responses": {"200": {
                "description": "The version.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Info"}}}
              }}
            }
          },
          "/_info/home": {
            "get": {
              "tags": ["Operation"], "summary": "Leads to the page of this process.", "operationId": "getHome",
              "security": [],
              "responses": {"301": {
                "description": "The page is at /.", "content": {"text/plain": {"schema": {"type": "string"}}}
              }}
            }
          }
        }
        """;

    /// <summary>The answers to requests with events, which are the same for test events.</summary>
    private const string Answers = """
        {
          "201": {"description": "All events were accepted and are on disk."},
          "202": {"description": "All events were received hastily; a crash may lose them."},
          "207": {"description": "Some events were accepted; the body lists the others."},
          "400": {"description": "All events are invalid, or there were none (without a body)."},
          "401": {"description": "A key is needed, or the key is wrong."},
          "403": {"description": "The key lacks the role publish."},
          "413": {"description": "The body is too large or has too many events."},
          "417": {"description": "The header Expect asks for something unknown."},
          "500": {"description": "No event was accepted, not only for schemas; or the body cannot be read."},
          "503": {
            "description": "Not known to be stored; repeat after the time in Retry-After.",
            "headers": {"Retry-After": {"description": "In seconds", "schema": {"type": "integer"}}}
          }
        }
        """;

    public const string Schemas = """
        {
          "RefusedEvents": {
            "type": "object",
            "properties": {
              "invalid": {"type": "array", "items": {"$ref": "#/components/schemas/RefusedEvent"}},
              "error": {"type": "array", "items": {"$ref": "#/components/schemas/RefusedEvent"}}
            }
          },
          "RefusedEvent": {
            "type": "object",
            "required": ["status", "event", "context"],
            "properties": {
              "status": {"type": "string", "enum": ["invalid", "error"]},
              "event": {
                "type": "object",
                "additionalProperties": true,
                "description": "As it was sent; empty for a fault of the whole request"
              },
              "context": {
                "type": "object",
                "properties": {
                  "message": {"type": "string"},
                  "errorsText": {"type": "string"},
                  "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Violation"}}
                }
              }
            }
          },
          "Violation": {
            "type": "object",
            "required": ["keyword", "dataPath", "schemaPath", "params", "message"],
            "properties": {
              "keyword": {"type": "string"},
              "dataPath": {"type": "string"},
              "schemaPath": {"type": "string"},
              "params": {"type": "object", "additionalProperties": true},
              "message": {"type": "string"}
            }
          },
          "StreamConfigs": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": true}
          },
          "Info": {"type": "object", "additionalProperties": {"type": "string"}}
        }
        """;

    public static JsonObject Paths(IServiceProvider services)
    {
        var paths = JsonNode.Parse(Text)!.AsObject();
        paths["/v1/events"]!["post"]!["responses"] = Responses();
        paths["/v1/_test/events"]!["get"]!["responses"] = Responses();
        if (services.GetRequiredService<IntakeOptions>().TestEvents.Length == 0)
        {
            paths.Remove("/v1/_test/events");
        }

        return paths;
    }

    private static JsonObject Responses()
    {
        var responses = JsonNode.Parse(Answers)!.AsObject();
        foreach (var (status, response) in responses.Where(static response => response.Key[0] > '2'
            || response.Key == "207"))
        {
            response!["content"] = JsonNode.Parse(
                """{"application/json": {"schema": {"$ref": "#/components/schemas/RefusedEvents"}}}""");
        }

        return responses;
    }
}
