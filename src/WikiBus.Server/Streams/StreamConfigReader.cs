using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text;
using WikiBus.Events;
using WikiBus.Schemas;

namespace WikiBus.Server.Streams;

/// <summary>
/// Reads a stream configuration from JSON or YAML. It is what MediaWiki's <c>action=streamconfigs</c> answers
/// (<c>{"streams": {NAME: {…}}}</c>), or that map alone, or a list whose items have a member <c>stream</c>. A name
/// <c>/…/</c> is a regular expression.
/// </summary>
internal static class StreamConfigReader
{
    private const int NestingMax = 100;

    private static readonly JsonDocumentOptions s_jsonOptions = new()
    {
        MaxDepth = NestingMax,
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <exception cref="InvalidDataException">Says what is wrong, for people.</exception>
    public static StreamConfig Read(ReadOnlySpan<byte> utf8, int streamCountMax)
    {
        var root = Parse(utf8);
        if (root is JsonObject { } answer && answer["error"] is JsonObject error)
        {
            throw new InvalidDataException($"the wiki answers with an error: {error["info"] ?? error["code"]}");
        }

        var streams = (root as JsonObject)?["streams"] ?? root;
        var entries = streams switch
        {
            JsonObject map => map.Select(static entry => (Name: (string?)entry.Key, Value: entry.Value)),
            JsonArray list => list.Select(static item => (Name: NameOf(item), Value: item)),
            _ => throw new InvalidDataException("an object of streams is needed, or a list of them"),
        };
        return Build([.. entries], streamCountMax);
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: s_jsonOptions);
        }
        catch (JsonException exception)
        {
            if (utf8.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            {
                throw new InvalidDataException($"this is no JSON: {exception.Message}");
            }
        }

        return YamlText.TryToJson(Encoding.UTF8.GetString(utf8), out var json, out var yamlFault)
            ? JsonNode.Parse(json.Span, documentOptions: s_jsonOptions)
            : throw new InvalidDataException($"this is neither JSON nor YAML: {yamlFault}");
    }

    private static string? NameOf(JsonNode? item) =>
        item is JsonObject setting && setting["stream"] is JsonValue value && value.TryGetValue(out string? name)
            ? name
            : null;

    private static StreamConfig Build(List<(string? Name, JsonNode? Value)> entries, int streamCountMax)
    {
        if (entries.Count > streamCountMax)
        {
            throw new InvalidDataException($"there are {entries.Count} streams; {streamCountMax} are allowed");
        }

        var settings = new Dictionary<string, StreamSetting>(StringComparer.Ordinal);
        var patterns = new List<StreamPatternSetting>();
        foreach (var (name, value) in entries)
        {
            if (name is null)
            {
                throw new InvalidDataException("an item of the list has no member 'stream'");
            }

            var setting = new StreamSetting(name, MembersOf(name, value));
            if (name.StartsWith('/'))
            {
                patterns.Add(new StreamPatternSetting(ParsePattern(name).IsMatch, setting));
            }
            else if (!StreamName.IsValid(name))
            {
                throw new InvalidDataException($"'{name}' cannot be the name of a stream");
            }
            else if (!settings.TryAdd(name, setting))
            {
                throw new InvalidDataException($"the stream '{name}' stands twice");
            }
        }

        return new StreamConfig(settings.Values, patterns);
    }

    // PHP writes settings without members as an empty list; null means the same.
    private static JsonObject MembersOf(string name, JsonNode? value) => value switch
    {
        JsonObject members => members,
        null or JsonArray { Count: 0 } => [],
        _ => throw new InvalidDataException($"the settings of '{name}' are no object"),
    };

    private static Regex ParsePattern(string name)
    {
        var end = name.LastIndexOf('/');
        var flags = name[(end + 1)..];
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        if (flags == "i")
        {
            options |= RegexOptions.IgnoreCase;
        }

        try
        {
            return end > 0 && flags is "" or "i" or "u"
                ? new Regex(name[1..end], options, Regex.InfiniteMatchTimeout)
                : throw new InvalidDataException($"'{name}' is no pattern of the form /…/");
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"the pattern {name} cannot be used: {exception.Message}");
        }
    }
}
