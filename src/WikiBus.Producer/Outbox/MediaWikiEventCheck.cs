using System.Text.Json;
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

    private static string? StringOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
