using System.Text.Json.Nodes;

namespace WikiBus.Server.Streams;

/// <summary>
/// The settings of one stream, or of all streams whose names match a pattern. Immutable.
/// </summary>
internal sealed class StreamSetting
{
    private readonly JsonObject _settings;

    /// <param name="name">The stream's name, or a pattern <c>/…/</c>.</param>
    /// <param name="settings">Its members as configured; not copied.</param>
    public StreamSetting(string name, JsonObject settings)
    {
        Name = name;
        _settings = settings;
        SchemaTitle = Text(settings, "schema_title");
        Topics = Texts(settings, "topics");
        Aliases = Texts(settings, "stream_aliases");
    }

    /// <summary>The stream's name, or a pattern <c>/…/</c>.</summary>
    public string Name { get; }

    /// <summary>The title that the schema of its events must have; null: not set.</summary>
    public string? SchemaTitle { get; }

    /// <summary>Its Kafka topics at Wikimedia; WikiBus does not use them.</summary>
    public IReadOnlyList<string> Topics { get; }

    /// <summary>Other names under which EventStreams serves it.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>True: the configuration names it without any member.</summary>
    public bool IsEmpty => _settings.Count == 0;

    /// <summary>
    /// The members as configured, with this name as <c>stream</c>, where a pattern's members name the pattern.
    /// </summary>
    public JsonObject ToJson(string stream)
    {
        var json = _settings.DeepClone().AsObject();
        if (json.ContainsKey("stream"))
        {
            json["stream"] = stream;
        }

        return json;
    }

    private static string? Text(JsonObject settings, string name) =>
        settings[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static IReadOnlyList<string> Texts(JsonObject settings, string name) => settings[name] is JsonArray list
        ? [.. list.Select(static item => (item as JsonValue)?.TryGetValue(out string? text) == true ? text : null)
            .OfType<string>()]
        : [];
}
