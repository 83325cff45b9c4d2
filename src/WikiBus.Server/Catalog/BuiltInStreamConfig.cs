using System.Text.Json.Nodes;
using WikiBus.Events;

namespace WikiBus.Server.Catalog;

/// <summary>The stream configuration that applies when none is given: what MediaWiki sends.</summary>
internal static class BuiltInStreamConfig
{
    /// <summary>How <see cref="BuiltInStreams.IsJob"/> is written in a stream configuration.</summary>
    private const string JobPattern = @"/^mediawiki\.job\..+/";

    // Jobs are not found by a regular expression: making one takes a tenth of the time in which the process may start.
    public static StreamConfig Create() => new(
        BuiltInStreams.All.Select(static stream => new StreamSetting(stream.Name, Members(stream))),
        [new StreamPatternSetting(BuiltInStreams.IsJob, new StreamSetting(JobPattern, JobMembers()))]);

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
