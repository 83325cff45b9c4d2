using System.Text.Json.Nodes;

namespace WikiBus.Server.Catalog;

/// <summary>
/// What the stream configuration says about a stream, or about all whose names a pattern matches. Immutable.
/// </summary>
internal sealed class StreamSetting
{
    private readonly JsonObject _settings;

    /// <param name="name">The stream's name, or a pattern <c>/…/</c>.</param>
    /// <param name="settings">Its members as configured; kept, not copied.</param>
    public StreamSetting(string name, JsonObject settings)
    {
        Name = name;
        _settings = settings;
        SchemaTitle = Text(settings, "schema_title");
        Description = Text(settings, "description");
        Topics = Texts(settings, "topics");
        Aliases = Texts(settings, "stream_aliases");
        HasCanaryEvents = settings.TryGetPropertyValue("canary_events_enabled", out var canary)
            && canary?.GetValueKind() == System.Text.Json.JsonValueKind.True;
    }

    /// <summary>The stream's name, or a pattern <c>/…/</c>.</summary>
    public string Name { get; }

    /// <summary>The title that the schema of its events must have; null: not said.</summary>
    public string? SchemaTitle { get; }

    /// <summary>One sentence for people; null: not said.</summary>
    public string? Description { get; }

    /// <summary>Its Kafka topics elsewhere; here a stream has only itself.</summary>
    public IReadOnlyList<string> Topics { get; }

    /// <summary>Other names that EventStreams serves it under.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Do artificial events pass through it, that show whether the way is open?</summary>
    public bool HasCanaryEvents { get; }

    /// <summary>Is it named, but nothing said about it?</summary>
    public bool IsEmpty => _settings.Count == 0;

    /// <summary>
    /// The members as configured, for the stream of this name (a pattern's members name the pattern).
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
