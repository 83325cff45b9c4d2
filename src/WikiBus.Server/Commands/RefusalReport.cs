using System.Text.Json;

namespace WikiBus.Server.Commands;

/// <summary>Says which events the server refused and why, from the lists in its answer.</summary>
internal static class RefusalReport
{
    /// <summary>One line per event that the answer lists; none when it lists none.</summary>
    public static IReadOnlyList<string> Lines(ReadOnlyMemory<byte> answer, IReadOnlyList<PostedEvent> batch)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 2048 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return [];
            }

            var places = batch.ToLookup(static posted => IdOf(posted.Json), StringComparer.Ordinal);
            return
            [
                .. from list in document.RootElement.EnumerateObject()
                   where list.Value.ValueKind == JsonValueKind.Array
                   from item in list.Value.EnumerateArray()
                   select Line(list.Name, item, places),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Line(string status, JsonElement item, ILookup<string, PostedEvent> places)
    {
        var posted = item.TryGetProperty("event", out var found) ? found : default;
        var id = Text(posted, "meta", "id");
        var place = id.Length > 0 ? places[id].FirstOrDefault() : null;
        var where = place is null ? "an event" : $"{place.Source} event {place.Number}";
        var reason = Text(item, "context", "message") is { Length: > 0 } message
            ? message
            : Text(item, "context", "errorsText");
        return $"{where} ({Text(posted, "meta", "stream")} {id}) is {status}: {reason}";
    }

    private static string IdOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2048 });
        return Text(document.RootElement, "meta", "id");
    }

    private static string Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return "";
            }
        }

        return element.ToString();
    }
}
