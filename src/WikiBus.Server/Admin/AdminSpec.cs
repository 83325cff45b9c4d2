namespace WikiBus.Server.Admin;

/// <summary>The part of health, metrics and the page in the OpenAPI document.</summary>
internal static class AdminSpec
{
    public const string Paths = """
        {
          "/healthz": {
            "get": {
              "tags": ["Operation"], "summary": "The process answers.", "operationId": "getHealth", "security": [],
              "responses": {"200": {
                "description": "It does.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Liveness"}}}
              }}
            }
          },
          "/readyz": {
            "get": {
              "tags": ["Operation"], "summary": "Whether the bus takes events.", "operationId": "getReadiness",
              "security": [],
              "responses": {
                "200": {
                  "description": "It takes events.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}}
                },
                "503": {
                  "description": "It takes none, for these reasons.",
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}}
                }
              }
            }
          },
          "/metrics": {
            "get": {
              "tags": ["Operation"], "summary": "Metrics in Prometheus's text format.", "operationId": "getMetrics",
              "responses": {
                "200": {"description": "The metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}},
                "401": {"$ref": "#/components/responses/Problem"},
                "403": {"$ref": "#/components/responses/Problem"},
                "503": {"$ref": "#/components/responses/Busy"}
              }
            }
          },
          "/": {
            "get": {
              "tags": ["Operation"], "summary": "A page with live events; with ?spec this document.",
              "operationId": "getPage",
              "security": [],
              "parameters": [
                {"name": "spec", "in": "query", "allowEmptyValue": true, "schema": {"type": "string"},
                  "description": "With any value or none: this document."},
                {"name": "doc", "in": "query", "allowEmptyValue": true, "schema": {"type": "string"},
                  "description": "With any value or none: a page about this document."}
              ],
              "responses": {
                "200": {
                  "description": "The page, or this document.",
                  "content": {
                    "text/html": {"schema": {"type": "string"}}, "application/json": {"schema": {"type": "object"}}
                  }
                },
                "304": {"$ref": "#/components/responses/NotModified"}
              }
            }
          },
          "/page/page.css": {
            "get": {
              "tags": ["Operation"], "summary": "The page's style.", "operationId": "getPageStyle", "security": [],
              "responses": {
                "200": {"description": "The style.", "content": {"text/css": {"schema": {"type": "string"}}}},
                "304": {"$ref": "#/components/responses/NotModified"}
              }
            }
          },
          "/page/page.js": {
            "get": {
              "tags": ["Operation"], "summary": "The page's script.", "operationId": "getPageScript", "security": [],
              "responses": {
                "200": {"description": "The script.", "content": {"text/javascript": {"schema": {"type": "string"}}}},
                "304": {"$ref": "#/components/responses/NotModified"}
              }
            }
          },
          "/page/events.js": {
            "get": {
              "tags": ["Operation"], "summary": "The page's reader of streams.", "operationId": "getPageEvents",
              "security": [],
              "responses": {
                "200": {"description": "The script.", "content": {"text/javascript": {"schema": {"type": "string"}}}},
                "304": {"$ref": "#/components/responses/NotModified"}
              }
            }
          },
          "/page/subscriptions.js": {
            "get": {
              "tags": ["Operation"], "summary": "The page's table of subscriptions.",
              "operationId": "getPageSubscriptionsScript", "security": [],
              "responses": {
                "200": {"description": "The script.", "content": {"text/javascript": {"schema": {"type": "string"}}}},
                "304": {"$ref": "#/components/responses/NotModified"}
              }
            }
          },
          "/page/subscriptions": {
            "get": {
              "tags": ["Operation"],
              "summary": "The subscriptions that the page shows: those that the caller may see, problems first.",
              "operationId": "getPageSubscriptions",
              "responses": {
                "200": {
                  "description": "At most 200 subscriptions, and how many there are.",
                  "content": {
                    "application/json": {
                      "schema": {
                        "type": "object", "required": ["items", "count"],
                        "properties": {
                          "items": {"type": "array", "items": {"type": "object"}},
                          "count": {"type": "integer"}
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "/page/session": {
            "get": {
              "tags": ["Operation"], "summary": "Whether the browser has a session.", "operationId": "getPageSession",
              "security": [],
              "responses": {
                "200": {
                  "description": "The session's state.",
                  "content": {
                    "application/json": {
                      "schema": {
                        "type": "object", "required": ["isOpen"], "properties": {"isOpen": {"type": "boolean"}}
                      }
                    }
                  }
                }
              }
            }
          }
        }
        """;

    public const string Schemas = """
        {
          "Liveness": {
            "type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}
          },
          "Readiness": {
            "type": "object",
            "required": ["status", "reasons", "degraded", "log"],
            "properties": {
              "status": {"type": "string"},
              "reasons": {"type": "array", "items": {"type": "string"}},
              "degraded": {"type": "array", "items": {"type": "string"}},
              "log": {
                "type": "object",
                "required": ["writable", "freeBytes", "queuedBytes"],
                "properties": {
                  "writable": {"type": "boolean"},
                  "freeBytes": {"type": "integer", "nullable": true},
                  "queuedBytes": {"type": "integer"}
                }
              }
            }
          }
        }
        """;
}
