using System.Text.Json;
using System.Text.Unicode;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Outbox;

/// <summary>
/// Reads the stream and the id of an event, by which the relay finds it in an answer. Events are checked when they are
/// published, because one that no service can read would hold up those after it.
/// </summary>
internal static class MediaWikiEventCheck
{
    /// <summary>The most objects and arrays within each other, as in MediaWiki's <c>FormatJson</c>.</summary>
    public const int DepthMax = 512;

    /// <summary>Checks that the event is one JSON object with its id and stream in <c>meta</c>.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Check(MediaWikiEvent item)
    {
        if (!Utf8.IsValid(item.Json.Span))
        {
            throw new ArgumentException($"An event of stream {item.Stream} is not UTF-8.", nameof(item));
        }

        try
        {
            if (ReadMeta(item.Json) is (var stream, { } id) && stream == item.Stream
                && Guid.TryParse(id, out var guid) && guid == item.Id)
            {
                return;
            }
        }
        catch (JsonException exception)
        {
            throw new ArgumentException(
                $"An event of stream {item.Stream} is not JSON: {exception.Message}", nameof(item), exception);
        }

        throw new ArgumentException(
            $"An event of stream {item.Stream} must be an object whose meta.stream and meta.id are its own.",
            nameof(item));
    }

    /// <summary>The stream and the id; null if the event does not have them.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static (string? Stream, string? Id) ReadMeta(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
        return ReadMeta(document.RootElement);
    }

    /// <summary>The stream and the id; null if the event does not have them.</summary>
    public static (string? Stream, string? Id) ReadMeta(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("meta", out var meta)
        && meta.ValueKind == JsonValueKind.Object
            ? (StringOf(meta, "stream"), StringOf(meta, "id"))
            : (null, null);

    /// <summary>The text of a member; null if there is none, or if it has half of a surrogate pair.</summary>
    public static string? StringOf(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
