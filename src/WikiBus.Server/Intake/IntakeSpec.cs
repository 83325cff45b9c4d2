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
              "description": "One event, or a list of events, each with $schema and meta.stream. Repeating is safe.",
              "parameters": [{
                "name": "hasty", "in": "query", "required": false, "schema": {"type": "string"},
                "description": "Any value that is not empty: answered before the events are validated and stored."
              }],
              "requestBody": {
                "required": true,
                "content": {
                  "application/json": {
                    "schema": {"oneOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]},
                    "example": {"$schema": "/test/event/1.0.0", "meta": {"stream": "test.event"}, "test": "hello"}
                  }
                }
              },
              "responses": {
                "201": {"description": "All events were accepted and are on disk."},
                "202": {"description": "All events were received hastily; a crash may lose them."},
                "207": {"description": "Some events were accepted; the body lists the others."},
                "400": {"description": "All events violate their schemas, or there were none."},
                "401": {"description": "A key is needed."},
                "403": {"description": "The key lacks the role publish."},
                "413": {"description": "The body is too large or has too many events."},
                "500": {"description": "No event was accepted, not only for schemas; or the body cannot be read."},
                "503": {"description": "Not known to be stored; repeat after the time in Retry-After."}
              }
            },
            "options": {
              "tags": ["Events"], "summary": "Answers preflight requests.",
              "responses": {"200": {"description": "POST is allowed."}}
            }
          },
          "/v1/stream-configs": {
            "get": {
              "tags": ["Streams"], "summary": "The settings of all streams.",
              "responses": {"200": {"description": "A map of stream to settings."}}
            }
          },
          "/v1/stream-configs/{streams}": {
            "get": {
              "tags": ["Streams"],
              "summary": "The settings of some streams.",
              "parameters": [{
                "name": "streams", "in": "path", "required": true, "schema": {"type": "string"},
                "description": "Names of streams, separated by commas or bars; unknown ones are left out."
              }],
              "responses": {"200": {"description": "A map of stream to settings."}}
            }
          },
          "/v1/schemas/{uri}": {
            "get": {
              "tags": ["Schemas"],
              "summary": "A schema that the bus knows, as JSON or YAML by Accept.",
              "parameters": [{
                "name": "uri", "in": "path", "required": true, "schema": {"type": "string"},
                "example": "test/event/1.0.0"
              }],
              "responses": {"200": {"description": "The schema."}, "404": {"description": "There is no such schema."}}
            }
          },
          "/robots.txt": {
            "get": {
              "tags": ["Root"], "summary": "Asks robots to stay away.",
              "responses": {"200": {"description": "Success."}}
            }
          },
          "/_info": {
            "get": {
              "tags": ["Root"], "summary": "Name, version, description and home.",
              "responses": {"200": {"description": "Success."}}
            }
          },
          "/_info/name": {
            "get": {"tags": ["Root"], "summary": "The name.", "responses": {"200": {"description": "Success."}}}
          },
          "/_info/version": {
            "get": {"tags": ["Root"], "summary": "The version.", "responses": {"200": {"description": "Success."}}}
          },
          "/_info/home": {
            "get": {
              "tags": ["Root"], "summary": "Leads to the page of this process.",
              "responses": {"301": {"description": "Moved."}}
            }
          }
        }
        """;

    private const string TestEventsText = """
        {"get": {"tags": ["Events"], "summary": "Takes the configured test events in.", "responses": {
          "201": {"description": "All events were accepted and are on disk."},
          "400": {"description": "All events violate their schemas."}}}}
        """;

    public static JsonObject Paths(IServiceProvider services)
    {
        var paths = JsonNode.Parse(Text)!.AsObject();
        if (services.GetRequiredService<IntakeOptions>().TestEvents.Length > 0)
        {
            paths["/v1/_test/events"] = JsonNode.Parse(TestEventsText);
        }

        return paths;
    }
}
