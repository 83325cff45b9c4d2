namespace WikiBus.Server.Webhooks;

/// <summary>The subscriptions' part of the OpenAPI document.</summary>
internal static class WebhooksSpec
{
    public const string Paths = """
        {
          "/v1/subscriptions": {
            "get": {
              "tags": ["Subscriptions"], "summary": "The subscriptions that the caller may see.",
              "operationId": "listSubscriptions",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [
                {
                  "name": "limit", "in": "query",
                  "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
                },
                {"name": "after", "in": "query", "schema": {"type": "string"}, "description": "next of the part before"}
              ],
              "responses": {
                "200": {
                  "description": "A part of the list, by id.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SubscriptionList"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            },
            "post": {
              "tags": ["Subscriptions"], "summary": "Makes a subscription.",
              "operationId": "createSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SubscriptionRequest"}}}
              },
              "responses": {
                "201": {
                  "description": "The subscription with its secret, which no later answer has.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
                },
                "200": {
                  "description": "It was there already, with the same members.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
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
          "/v1/subscriptions/{id}/pause": {
            "post": {
              "tags": ["Subscriptions"], "summary": "Sends nothing until it is resumed.",
              "operationId": "pauseSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "responses": {
                "200": {
                  "description": "The subscription.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
                },
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/v1/subscriptions/{id}/resume": {
            "post": {
              "tags": ["Subscriptions"], "summary": "Sends again.",
              "operationId": "resumeSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {
                  "name": "from", "in": "query", "schema": {"type": "string", "enum": ["now"]},
                  "description": "Skips what came meanwhile"
                }],
              "responses": {
                "200": {
                  "description": "The subscription.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/v1/subscriptions/{id}/replay": {
            "post": {
              "tags": ["Subscriptions"], "summary": "Sends a range of the log again.",
              "operationId": "replaySubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReplayRequest"}}}
              },
              "responses": {
                "200": {
                  "description": "The subscription.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "409": {"$ref": "#/components/responses/Problem"},
                "413": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            },
            "delete": {
              "tags": ["Subscriptions"], "summary": "Ends the replay that runs.",
              "operationId": "cancelReplay",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "responses": {
                "200": {
                  "description": "How many waiting deliveries of it were dropped.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Dropped"}}}
                },
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/v1/subscriptions/{id}/test": {
            "post": {
              "tags": ["Subscriptions"], "summary": "Sends a test request now.",
              "operationId": "testSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "responses": {
                "200": {
                  "description": "What the recipient answered.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TestResult"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "409": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/v1/subscriptions/{id}/rotate": {
            "post": {
              "tags": ["Subscriptions"], "summary": "Gives a subscription a new secret.",
              "operationId": "rotateSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "requestBody": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SecretRequest"}}}
              },
              "responses": {
                "200": {
                  "description": "The subscription with its new secret.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
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
          "/v1/subscriptions/{id}": {
            "get": {
              "tags": ["Subscriptions"], "summary": "One subscription.",
              "operationId": "getSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "responses": {
                "200": {
                  "description": "The subscription.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
                },
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            },
            "put": {
              "tags": ["Subscriptions"], "summary": "Replaces what a subscription is.",
              "operationId": "replaceSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "description": "ETag of an answer"}],
              "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SubscriptionRequest"}}}
              },
              "responses": {
                "200": {
                  "description": "The subscription.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subscription"}}}
                },
                "400": {"$ref": "#/components/responses/Problem"},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "409": {"$ref": "#/components/responses/Problem"},
                "412": {"$ref": "#/components/responses/Problem"},
                "413": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            },
            "delete": {
              "tags": ["Subscriptions"], "summary": "Deletes a subscription.",
              "operationId": "deleteSubscription",
              "security": [{"bearer": []}, {"query": []}, {"cookie": []}],
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
              "responses": {
                "200": {
                  "description": "How many waiting and dead deliveries it had.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Dropped"}}}
                },
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "404": {"$ref": "#/components/responses/Problem"},
                "409": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          }
        }
        """;

    public const string Schemas = """
        {
          "SubscriptionList": {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
              "items": {"type": "array", "items": {"$ref": "#/components/schemas/Subscription"}},
              "next": {"type": "string", "nullable": true, "description": "The value of after for the next part"}
            }
          },
          "Subscription": {
            "type": "object",
            "required": [
              "id", "feature", "url", "owner", "createdAt",
              "state", "cursor", "lag", "lagSeconds", "waiting", "dead", "expired", "lastError"
            ],
            "properties": {
              "id": {"type": "string"},
              "feature": {"type": "string", "enum": ["webhooks", "dream"]},
              "url": {"type": "string"},
              "streams": {"type": "array", "items": {"type": "string"}, "description": "Only of a webhook"},
              "wikis": {"type": "array", "items": {"type": "string"}, "description": "Only of a webhook"},
              "channel": {"type": "string"},
              "filter": {"type": "array", "items": {"type": "string"}, "description": "Only of a webhook"},
              "start": {"type": "string", "description": "Only of a webhook"},
              "order": {"$ref": "#/components/schemas/SubscriptionOrder"},
              "concurrency": {"type": "integer", "description": "Only of a webhook"},
              "timeout": {"type": "string"},
              "expireAfter": {"type": "string"},
              "headers": {
                "type": "object", "description": "Only of a webhook; values are never shown",
                "additionalProperties": {"type": "string", "nullable": true}
              },
              "owner": {"type": "string", "description": "The id of a key, or wikibus.json"},
              "createdAt": {"type": "string", "format": "date-time"},
              "state": {"type": "string", "enum": ["active", "paused", "down", "suspended", "gone", "revoked"]},
              "reason": {"type": "string", "description": "Why it is down, in one word"},
              "downSince": {"type": "string", "format": "date-time"},
              "cursor": {"type": "string"},
              "lag": {"type": "integer", "description": "Records of the log above the cursor"},
              "lagSeconds": {"type": "number"},
              "waiting": {"type": "integer"},
              "dead": {"type": "integer"},
              "expired": {"type": "integer"},
              "lastError": {
                "type": "object", "nullable": true,
                "required": ["at", "record", "message"],
                "properties": {
                  "at": {"type": "string", "format": "date-time"},
                  "record": {"type": "string"},
                  "status": {"type": "integer"},
                  "message": {"type": "string"}
                }
              },
              "replay": {
                "type": "object",
                "required": ["from", "end", "cursor", "waiting"],
                "properties": {
                  "from": {"type": "integer"},
                  "end": {"type": "integer"},
                  "cursor": {"type": "integer", "description": "Everything below is settled"},
                  "waiting": {"type": "integer"}
                }
              },
              "oldSecretValidUntil": {"type": "string", "format": "date-time"},
              "secret": {"type": "string", "description": "Only in the answers to create and rotate"},
              "positions": {"type": "integer", "description": "Skipped by resume, or sent again by replay"}
            }
          },
          "SubscriptionRequest": {
            "type": "object",
            "required": ["url"],
            "properties": {
              "id": {"type": "string", "description": "The bus makes one if it is missing."},
              "url": {"type": "string"},
              "streams": {"type": "array", "items": {"type": "string"}, "description": "Names and patterns; none: all"},
              "wikis": {"type": "array", "items": {"type": "string"}, "description": "None: all wikis"},
              "channel": {"type": "string"},
              "filter": {
                "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "maxItems": 16}]
              },
              "start": {
                "oneOf": [{"type": "string"}, {"type": "integer"}],
                "description": "now, a position, STREAM@OFFSET or a time"
              },
              "order": {"$ref": "#/components/schemas/SubscriptionOrder"},
              "concurrency": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10},
              "timeout": {"type": "string", "description": "Such as 10 s"},
              "expireAfter": {"type": "string", "description": "Such as 7 d: older records are skipped"},
              "headers": {
                "type": "object", "description": "Of each request; in a PUT, null keeps a value",
                "additionalProperties": {"type": "string", "nullable": true}
              },
              "secret": {"type": "string", "description": "whsec_ and base64; the bus makes one if it is missing"},
              "owner": {"type": "string", "description": "In a PUT with a key that may manage: the new owner"}
            }
          },
          "SubscriptionOrder": {"type": "string", "enum": ["key", "none", "strict"]},
          "ReplayRequest": {
            "type": "object",
            "required": ["from"],
            "properties": {
              "from": {"$ref": "#/components/schemas/LogPlace"},
              "to": {"$ref": "#/components/schemas/LogPlace"}
            }
          },
          "LogPlace": {
            "oneOf": [{"type": "string"}, {"type": "integer"}], "description": "A position, STREAM@OFFSET or a time"
          },
          "SecretRequest": {
            "type": "object",
            "properties": {"secret": {"type": "string", "description": "The bus makes one if it is missing."}}
          },
          "Dropped": {
            "type": "object", "required": ["dropped"], "properties": {"dropped": {"type": "integer"}}
          },
          "TestResult": {
            "type": "object",
            "required": ["status"],
            "properties": {
              "status": {"type": "integer", "nullable": true, "description": "What the recipient answered"},
              "body": {"type": "string", "description": "The beginning of its answer"},
              "error": {"type": "string", "description": "Why there is no answer, in one word"},
              "message": {"type": "string"}
            }
          }
        }
        """;
}
