using System.Text.Json.Nodes;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Filters;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Streaming;

/// <summary>
/// Streaming's part of the OpenAPI document. Clients of EventStreams take the names of the public streams from the
/// first parameter of <c>/v2/stream/{streams}</c>, so it is exactly where EventStreams has it.
/// </summary>
internal static class StreamingSpec
{
    private const string StreamAnswers = """
        {
          "200": {
            "description": "The stream, which has no end unless until is given.",
            "content": {
              "text/event-stream": {"schema": {"type": "string"}},
              "application/json": {"schema": {"$ref": "#/components/schemas/Event"}}
            }
          },
          "204": {"description": "The time until has passed."},
          "400": {
            "description": "A parameter or the id is wrong, or a stream is unknown or needs a key.",
            "content": {"application/json": {"schema": {"description": "A problem, or a fault of the id"}}}
          },
          "401": {"$ref": "#/components/responses/Problem"},
          "403": {"$ref": "#/components/responses/Problem"},
          "404": {
            "description": "The id names none of these streams.",
            "content": {"application/json": {"schema": {"description": "Faults of the id"}}}
          },
          "429": {"$ref": "#/components/responses/Busy"},
          "503": {"$ref": "#/components/responses/Busy"}
        }
        """;

    private const string ListAnswers = """
        {
          "200": {
            "description": "The streams, by name.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/StreamList"}}}
          },
          "401": {"$ref": "#/components/responses/Problem"},
          "503": {"$ref": "#/components/responses/Busy"}
        }
        """;

    public const string Schemas = """
        {
          "StreamList": {
            "type": "object",
            "required": ["streams"],
            "properties": {"streams": {"type": "array", "items": {"$ref": "#/components/schemas/Stream"}}}
          },
          "Stream": {
            "type": "object",
            "required": ["name", "schema", "first", "last", "recordsPerMinute"],
            "properties": {
              "name": {"type": "string"},
              "schema": {"type": "string", "nullable": true, "description": "The title of its schemas"},
              "first": {"$ref": "#/components/schemas/StreamEnd"},
              "last": {"$ref": "#/components/schemas/StreamEnd"},
              "recordsPerMinute": {"type": "number"}
            }
          },
          "StreamEnd": {
            "type": "object",
            "nullable": true,
            "properties": {"offset": {"type": "integer"}, "time": {"type": "string", "format": "date-time"}}
          }
        }
        """;

    public static JsonObject Paths(IServiceProvider services)
    {
        var catalog = services.GetRequiredService<StreamCatalog>();
        var everybody = services.GetRequiredService<PublicRules>();
        var names = catalog.Names.Concat(catalog.Aliases.Keys)
            .Where(name => everybody.HasStream(catalog.Resolve(name)))
            .Order(StringComparer.Ordinal);
        return new JsonObject
        {
            ["/v2/stream/{streams}"] = new JsonObject { ["get"] = StreamOperation(names) },
            ["/v2/streams"] = new JsonObject
            {
                ["get"] = Operation("listStreams", "The streams that the caller may read", ListAnswers),
            },
        };
    }

    private static JsonObject StreamOperation(IEnumerable<string> names)
    {
        var operation = Operation(
            "readStreams",
            "Events of one or several streams, joined by commas. A signed event is sent as it is stored; in JSON "
            + "lines, a line with its id comes before it.",
            StreamAnswers);
        operation["parameters"] = new JsonArray(
        [
            new JsonObject
            {
                ["in"] = "path",
                ["name"] = "streams",
                ["required"] = true,
                ["style"] = "simple",
                ["explode"] = false,
                ["schema"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = Names([.. names]),
                },
            },
            Parameter("header", "Last-Event-ID", "The id of the last event: the response goes on after it."),
            .. ParameterNames.LastEventId.Select(static name => (JsonNode)Parameter(
                "query", name, "The same as the header Last-Event-ID, for scripts that cannot set it.")),
            Parameter("query", "since", $"Time of append of the first event. {TimeParameter.Allowed}"),
            Parameter("query", "until", "Time of append of the first event not wanted any more, as in since."),
            Parameter("query", "filter", $"Several must all hold. {FilterExpression.Grammar}"),
            Parameter("query", "fields", "Members to keep, joined by commas; $schema and meta always stay."),
            Parameter("query", "channel", "A channel pattern, such as event://*/mediawiki/*."),
            Parameter("query", "canary", "true or 1 keeps events that only try out the pipeline."),
        ]);
        return operation;
    }

    /// <summary>No list at all if nothing is public: OpenAPI has no empty one.</summary>
    private static JsonObject Names(string[] names)
    {
        var item = new JsonObject { ["type"] = "string" };
        if (names.Length > 0)
        {
            item["enum"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]);
        }

        return item;
    }

    private static JsonObject Operation(string id, string summary, string answers) => new()
    {
        ["tags"] = new JsonArray("Streams"),
        ["operationId"] = id,
        ["summary"] = summary,
        ["responses"] = JsonNode.Parse(answers),
    };

    private static JsonObject Parameter(string place, string name, string description) => new()
    {
        ["in"] = place,
        ["name"] = name,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
