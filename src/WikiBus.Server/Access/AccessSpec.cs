namespace WikiBus.Server.Access;

/// <summary>The keys' part of the OpenAPI document.</summary>
internal static class AccessSpec
{
    public const string Paths = """
        {
          "/v1/keys": {
            "get": {
              "tags": ["Keys"], "summary": "All keys, without their secrets.", "operationId": "listKeys",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "responses": {
                "200": {
                  "description": "The keys, by id.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/KeyList"}}}
                },
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            },
            "post": {
              "tags": ["Keys"], "summary": "Makes a key.", "operationId": "createKey",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/KeyRequest"}}}
              },
              "responses": {
                "201": {
                  "description": "The key with its secret, which no later answer has.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Key"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "409": {"$ref": "#/components/responses/Problem"},
                "413": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/v1/keys/{id}/rotate": {
            "post": {
              "tags": ["Keys"], "summary": "Gives a key a new secret.", "operationId": "rotateKey",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "requestBody": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RotateRequest"}}}
              },
              "responses": {
                "200": {
                  "description": "The key with its new secret.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Key"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "409": {"$ref": "#/components/responses/Problem"},
                "413": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/v1/keys/{id}": {
            "put": {
              "tags": ["Keys"], "summary": "Replaces what a key may do.", "operationId": "replaceKey",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/KeyReplacement"}}}
              },
              "responses": {
                "200": {
                  "description": "The key. Its secrets are unchanged.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Key"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "413": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            },
            "delete": {
              "tags": ["Keys"], "summary": "Ends a key immediately.", "operationId": "revokeKey",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "responses": {
                "204": {"description": "The key is gone."},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          }
        }
        """;

    public const string Schemas = """
        {
          "KeyList": {
            "type": "object",
            "required": ["keys"],
            "properties": {"keys": {"type": "array", "items": {"$ref": "#/components/schemas/Key"}}}
          },
          "Key": {
            "type": "object",
            "required": ["id", "roles", "streams", "wikis", "domains", "networks", "hosts", "createdAt"],
            "properties": {
              "id": {"type": "string"},
              "roles": {"type": "array", "items": {"$ref": "#/components/schemas/Role"}},
              "streams": {"type": "array", "items": {"type": "string"}},
              "wikis": {"type": "array", "items": {"type": "string"}},
              "domains": {"type": "array", "items": {"type": "string"}},
              "networks": {"type": "array", "items": {"type": "string"}},
              "hosts": {"type": "array", "items": {"type": "string"}},
              "createdAt": {"type": "string", "format": "date-time"},
              "oldSecretValidUntil": {"type": "string", "format": "date-time"},
              "secret": {"type": "string"}
            }
          },
          "KeyRequest": {
            "type": "object",
            "required": ["roles"],
            "properties": {
              "id": {"type": "string", "description": "The bus makes one if it is missing."},
              "roles": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Role"}},
              "streams": {"type": "array", "items": {"type": "string"}, "description": "Patterns; none: all streams"},
              "wikis": {"type": "array", "items": {"type": "string"}, "description": "Without domains: all wikis"},
              "domains": {"type": "array", "items": {"type": "string"}, "description": "Domains of these wikis"},
              "networks": {"$ref": "#/components/schemas/KeyNetworks"},
              "hosts": {"$ref": "#/components/schemas/KeyHosts"},
              "secret": {"type": "string", "description": "The bus makes one if it is missing."}
            }
          },
          "KeyReplacement": {
            "type": "object",
            "required": ["roles"],
            "description": "A list that is missing is empty.",
            "properties": {
              "id": {"type": "string", "description": "The id in the path, or missing"},
              "roles": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Role"}},
              "streams": {"type": "array", "items": {"type": "string"}, "description": "Patterns; none: all streams"},
              "wikis": {"type": "array", "items": {"type": "string"}, "description": "Without domains: all wikis"},
              "domains": {"type": "array", "items": {"type": "string"}, "description": "Domains of these wikis"},
              "networks": {"$ref": "#/components/schemas/KeyNetworks"},
              "hosts": {"$ref": "#/components/schemas/KeyHosts"}
            }
          },
          "KeyNetworks": {
            "type": "array", "items": {"type": "string"}, "maxItems": 100,
            "description": "Networks that the key's destinations may target beyond the public ones"
          },
          "KeyHosts": {
            "type": "array", "items": {"type": "string"}, "maxItems": 100,
            "description": "Names of hosts that the key's destinations may target"
          },
          "RotateRequest": {
            "type": "object",
            "properties": {
              "secret": {"type": "string", "description": "The bus makes one if it is missing."},
              "overlapSeconds": {"type": "number", "description": "The old secret stays valid for this time."}
            }
          },
          "Role": {"type": "string", "enum": ["publish", "read", "manage", "subscribe", "chain"]}
        }
        """;
}
