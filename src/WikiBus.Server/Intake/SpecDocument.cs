using System.Text.Json.Nodes;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>
/// The OpenAPI document of the whole HTTP interface. The features give their paths; what they share is here.
/// </summary>
internal static class SpecDocument
{
    // A key may be missing: a trusted network, or public streams. An operation that is different says so itself.
    private const string Shared = """
        {
          "openapi": "3.0.3",
          "info": {
            "title": "WikiBus",
            "description": "The event bus for wikis. Each GET route answers HEAD, too.",
            "license": {"name": "MIT", "url": "https://opensource.org/license/mit"}
          },
          "servers": [{"url": "/"}],
          "security": [{"bearer": []}, {"query": []}, {"cookie": []}, {}],
          "tags": [
            {"name": "Events", "description": "Send events"},
            {"name": "Streams", "description": "Read events"},
            {"name": "Schemas", "description": "The schemas of events"},
            {"name": "Keys", "description": "Who may do what"},
            {"name": "Operation", "description": "Health, metrics, the page"}
          ],
          "paths": {},
          "components": {
            "securitySchemes": {
              "bearer": {"type": "http", "scheme": "bearer"},
              "query": {"type": "apiKey", "in": "query", "name": "apikey"},
              "cookie": {"type": "apiKey", "in": "cookie", "name": "service-key"}
            },
            "responses": {
              "Problem": {
                "description": "The request is refused; the body says why.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "Busy": {
                "description": "It cannot be decided or stored now; repeat after the time in Retry-After.",
                "headers": {"Retry-After": {"description": "In seconds", "schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "NotModified": {"description": "The copy that the caller has is up to date."}
            },
            "schemas": {
              "Problem": {
                "type": "object",
                "required": ["status", "type", "title", "detail", "method", "uri"],
                "properties": {
                  "status": {"type": "integer"}, "type": {"type": "string"}, "title": {"type": "string"},
                  "detail": {"type": "string"}, "method": {"type": "string"}, "uri": {"type": "string"}
                }
              },
              "Event": {
                "type": "object",
                "description": "Its other members are those of its schema.",
                "required": ["$schema", "meta"],
                "properties": {
                  "$schema": {"type": "string", "example": "/test/event/1.0.0"},
                  "meta": {
                    "type": "object",
                    "required": ["stream"],
                    "properties": {
                      "stream": {"type": "string"},
                      "id": {"type": "string", "description": "Filled in if it is missing"},
                      "dt": {"type": "string", "format": "date-time", "description": "Filled in if it is missing"},
                      "domain": {"type": "string"}
                    }
                  }
                },
                "additionalProperties": true
              }
            }
          }
        }
        """;

    public static string Write(IServiceProvider services)
    {
        var document = JsonNode.Parse(Shared)!.AsObject();
        document["info"]!["version"] = typeof(SpecDocument).Assembly.GetName().Version?.ToString(3);
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var section in services.GetServices<SpecSection>())
        {
            Move(section.Paths(services), document["paths"]!.AsObject());
            Move(JsonNode.Parse(section.Schemas)!.AsObject(), schemas);
        }

        return document.ToJsonString();
    }

    private static void Move(JsonObject from, JsonObject to)
    {
        foreach (var (name, value) in from.ToArray())
        {
            to[name] = value?.DeepClone();
        }
    }
}
