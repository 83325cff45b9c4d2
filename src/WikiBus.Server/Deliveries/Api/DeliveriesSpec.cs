namespace WikiBus.Server.Deliveries.Api;

/// <summary>The part of the OpenAPI document about dead letters, tries, and why a record did not arrive.</summary>
internal static class DeliveriesSpec
{
    private const string Security = """[{"bearer": []}, {"query": []}, {"cookie": []}]""";

    private const string Selection = """
        {"name": "subscription", "in": "query", "schema": {"type": "string"}},
        {"name": "stream", "in": "query", "schema": {"type": "string"}},
        {"name": "since", "in": "query", "schema": {"type": "string"}, "description": "Died then or later"},
        {"name": "until", "in": "query", "schema": {"type": "string"}, "description": "Died then or earlier"}
        """;

    private const string Paging = """
        {
          "name": "limit", "in": "query",
          "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
        },
        {"name": "after", "in": "query", "schema": {"type": "string"}, "description": "next of the page before"}
        """;

    private const string Id = """{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}""";

    public const string Schemas = """
        {
          "DeadLetter": {
            "type": "object",
            "required": ["id", "subscription", "position", "record", "eventId", "attempts", "deadAt", "lastError"],
            "properties": {
              "id": {"type": "string"},
              "subscription": {"type": "string"},
              "position": {"type": "integer"},
              "record": {"type": "string", "description": "STREAM@OFFSET"},
              "eventId": {"type": "string"},
              "attempts": {"type": "integer"},
              "deadAt": {"type": "string", "format": "date-time"},
              "lastError": {"$ref": "#/components/schemas/DeliveryFailure"},
              "contentType": {"type": "string", "description": "Not in lists"},
              "payload": {"type": "string", "description": "Not in lists"},
              "payloadBase64": {"type": "string", "description": "In place of payload if that is not UTF-8"}
            }
          },
          "DeadLetterList": {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
              "items": {"type": "array", "items": {"$ref": "#/components/schemas/DeadLetter"}},
              "next": {"type": "string", "nullable": true}
            }
          },
          "DeliveryFailure": {
            "type": "object",
            "nullable": true,
            "required": ["at", "record", "status", "message"],
            "properties": {
              "at": {"type": "string", "format": "date-time"},
              "record": {"type": "string"},
              "status": {"type": "integer", "nullable": true},
              "message": {"type": "string"}
            }
          },
          "ReplayCount": {
            "type": "object",
            "required": ["replayed", "left"],
            "properties": {
              "replayed": {"type": "integer"},
              "left": {"type": "integer", "description": "Deliveries:WaitingMax left no room for these"}
            }
          },
          "DropCount": {
            "type": "object", "required": ["dropped"], "properties": {"dropped": {"type": "integer"}}
          },
          "Try": {
            "type": "object",
            "required": ["at", "position", "record", "attempt", "verdict", "status", "message", "milliseconds"],
            "properties": {
              "at": {"type": "string", "format": "date-time"},
              "position": {"type": "integer"},
              "record": {"type": "string"},
              "attempt": {"type": "integer"},
              "verdict": {"type": "string", "enum": ["done", "failed", "down", "gone", "expired", "dropped"]},
              "status": {"type": "integer", "nullable": true},
              "message": {"type": "string", "nullable": true},
              "milliseconds": {"type": "integer"}
            }
          },
          "TryList": {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
              "items": {"type": "array", "items": {"$ref": "#/components/schemas/Try"}},
              "next": {"type": "string", "nullable": true}
            }
          },
          "Why": {
            "type": "object",
            "required": ["state", "text", "subscription", "subscriptionState"],
            "properties": {
              "state": {
                "type": "string",
                "enum": [
                  "delivered", "pending", "waiting", "dead", "not-matching", "not-entitled", "before-start", "expired",
                  "skipped", "lost", "dropped", "settled", "unknown-record"
                ]
              },
              "text": {"type": "string", "description": "The same as a sentence"},
              "subscription": {"type": "string"},
              "subscriptionState": {"type": "string"},
              "position": {"type": "integer"},
              "record": {"type": "string"},
              "eventId": {"type": "string"},
              "at": {"type": "string", "format": "date-time"},
              "attempt": {"type": "integer"},
              "status": {"type": "integer"},
              "nextTry": {"type": "string", "format": "date-time"},
              "lastError": {"$ref": "#/components/schemas/DeliveryFailure"},
              "term": {"type": "string"},
              "deadLetter": {"type": "string"}
            }
          }
        }
        """;

    public static readonly string Paths = $$"""
        {
          "/v1/dead-letters": {
            "get": {{Operation("listDeadLetters", "Dead deliveries.", "DeadLetterList", $"{Selection},{Paging}")}},
            "delete": {{Operation(
                "dropDeadLetters", "Drops dead deliveries. At least one parameter is needed.", "DropCount", Selection)}}
          },
          "/v1/dead-letters/replay": {
            "post": {{Operation(
                "replayDeadLetters", "Sends dead deliveries again. At least one parameter is needed.", "ReplayCount",
                Selection)}}
          },
          "/v1/dead-letters/{id}": {
            "get": {{Operation("getDeadLetter", "A dead delivery with its payload.", "DeadLetter", Id)}},
            "delete": {{Operation("dropDeadLetter", "Drops a dead delivery.", "DropCount", Id)}}
          },
          "/v1/dead-letters/{id}/replay": {
            "post": {{Operation("replayDeadLetter", "Sends a dead delivery again.", "ReplayCount", Id)}}
          },
          "/v1/subscriptions/{id}/deliveries": {
            "get": {{Operation(
                "listDeliveries", "The tries of a subscription, the newest first.", "TryList",
                $$"""
                {{Id}}, {{Paging}}, {"name": "record", "in": "query", "schema": {"type": "string"} },
                {"name": "verdict", "in": "query", "schema": {"type": "string"} }
                """)}}
          },
          "/v1/why": {
            "get": {{Operation(
                "why", "Why a record did or did not arrive. An unknown record is 404 with the same body.", "Why",
                """
                {
                  "name": "record", "in": "query", "required": true, "schema": {"type": "string"},
                  "description": "A position, or STREAM@OFFSET"
                },
                {"name": "subscription", "in": "query", "required": true, "schema": {"type": "string"} }
                """)}}
          }
        }
        """;

    private static string Operation(string id, string summary, string schema, string parameters) => $$"""
        {
          "tags": ["Deliveries"], "summary": "{{summary}}", "operationId": "{{id}}", "security": {{Security}},
          "parameters": [{{parameters}}],
          "responses": {
            "200": {
              "description": "Done.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/{{schema}}"} } }
            },
            "400": {"$ref": "#/components/responses/Problem"},
            "401": {"$ref": "#/components/responses/Problem"},
            "403": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "409": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Busy"}
          }
        }
        """;
}
