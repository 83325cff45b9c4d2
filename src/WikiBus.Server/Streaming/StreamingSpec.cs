using System.Text.Json.Nodes;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Filters;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Streaming;

/// <summary>
/// Streaming's part of the OpenAPI document. Clients of EventStreams take the names of the public streams from the
/// first parameter of <c>/v2/stream/{streams}</c>, so it is exactly where EventStreams has it.
/// </summary>
internal static class StreamingSpec
{
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
                ["get"] = Operation("The streams that the caller may read", "application/json"),
            },
        };
    }

    private static JsonObject StreamOperation(IEnumerable<string> names)
    {
        var operation = Operation(
            "Events of one or several streams, joined by commas. A signed event is sent as it is stored; in JSON "
            + "lines, a line with its id comes before it.",
            "text/event-stream", "application/json");
        AddRefusals(operation["responses"]!.AsObject());
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
                    ["items"] = new JsonObject
                    {
                        ["type"] = "string",
                        ["enum"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]),
                    },
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

    private static void AddRefusals(JsonObject answers)
    {
        AddAnswer("204", "until has passed: no event can follow.");
        AddAnswer("400", "A parameter cannot be read, or its name is probably mistyped; or a stream is unknown, or not "
            + "readable for the caller, who may lack a key.");
        AddAnswer("401", "The key is wrong.");
        AddAnswer("404", "The id names topics of none of the streams.");
        AddAnswer("429", "Too many connections; Retry-After says when to come back.");

        void AddAnswer(string status, string description) =>
            answers[status] = new JsonObject { ["description"] = description };
    }

    private static JsonObject Operation(string summary, params string[] contentTypes)
    {
        var content = new JsonObject();
        foreach (var contentType in contentTypes)
        {
            content[contentType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } };
        }

        return new JsonObject
        {
            ["summary"] = summary,
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = summary, ["content"] = content },
            },
        };
    }

    private static JsonObject Parameter(string place, string name, string description) => new()
    {
        ["in"] = place,
        ["name"] = name,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
