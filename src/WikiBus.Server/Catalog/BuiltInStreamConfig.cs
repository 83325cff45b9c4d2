using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WikiBus.Events;

namespace WikiBus.Server.Catalog;

/// <summary>The stream configuration that applies when none is given: what MediaWiki sends.</summary>
internal static class BuiltInStreamConfig
{
    public static StreamConfig Create() => new(
        BuiltInStreams.All.Select(static stream => new StreamSetting(stream.Name, Members(stream))),
        [new StreamPatternSetting(JobNames(), new StreamSetting($"/{JobNames()}/", JobMembers()))]);

    private static Regex JobNames() => new(
        "^" + Regex.Escape(BuiltInStreams.JobPrefix) + ".+",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
        Regex.InfiniteMatchTimeout);

    private static JsonObject JobMembers() => new()
    {
        ["schema_title"] = BuiltInStreams.JobSchemaTitle,
        ["description"] = "Jobs of a wiki, one stream per type.",
    };

    private static JsonObject Members(StreamDefinition stream)
    {
        var members = new JsonObject
        {
            ["stream"] = stream.Name,
            ["schema_title"] = stream.SchemaTitle,
            ["topics"] = new JsonArray(stream.Name),
            ["description"] = stream.Description,
        };
        if (stream.Alias is { } alias)
        {
            members["stream_aliases"] = new JsonArray(alias);
        }

        return members;
    }
}
