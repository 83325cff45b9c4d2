using System.Text.Json.Nodes;
using WikiBus.Events;

namespace WikiBus.Server.Streams;

/// <summary>The stream configuration when none is set: the streams that MediaWiki sends.</summary>
internal static class BuiltInStreamConfig
{
    /// <summary><see cref="BuiltInStreams.IsJob"/> as a stream configuration writes it.</summary>
    private const string JobPattern = @"/^mediawiki\.job\..+/";

    // No regular expression finds the jobs: making one would take a tenth of the time that a start may take.
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
