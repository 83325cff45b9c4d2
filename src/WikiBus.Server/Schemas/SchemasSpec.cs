namespace WikiBus.Server.Schemas;

/// <summary>The schemas' part of the OpenAPI document.</summary>
internal static class SchemasSpec
{
    public const string Paths = """
        {
          "/v1/schemas/{uri}": {
            "get": {
              "tags": ["Schemas"],
              "summary": "A schema that the bus knows, as JSON or YAML by Accept.",
              "operationId": "getSchema",
              "security": [],
              "parameters": [{
                "name": "uri", "in": "path", "required": true, "schema": {"type": "string"},
                "description": "The $schema of an event without its first slash. Its slashes are not encoded.",
                "example": "test/event/1.0.0"
              }],
              "responses": {
                "200": {
                  "description": "The schema.",
                  "content": {
                    "application/schema+json": {"schema": {"type": "object"}},
                    "application/yaml": {"schema": {"type": "string"}}
                  }
                },
                "304": {"$ref": "#/components/responses/NotModified"},
                "404": {"$ref": "#/components/responses/Problem"}
              }
            }
          }
        }
        """;
}
