using System.Text.Json;
using System.Text;

namespace WikiBus.Server.Commands.Client;

/// <summary>Reports which events the server refused and why, from the lists in its answer.</summary>
internal static class RefusalReport
{
    /// <summary>One line for each event that the answer lists.</summary>
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

    /// <summary>Why an item of the answer's lists was refused.</summary>
    public static string Reason(JsonElement item) => Text(item, "context", "message") is { Length: > 0 } message
        ? message
        : Text(item, "context", "errorsText");

    private static string Line(string status, JsonElement item, ILookup<string, PostedEvent> places)
    {
        var posted = item.TryGetProperty("event", out var found) ? found : default;
        var id = Text(posted, "meta", "id");
        var place = Place(posted, id, places);
        var where = place is null ? "an event" : $"{place.Source} event {place.Number}";
        var what = $"{Text(posted, "meta", "stream")} {id}".Trim();
        return $"{where} ({(what.Length > 0 ? what : "without stream and id")}) is {status}: {Reason(item)}";
    }

    /// <summary>
    /// Which event of the batch it is. An event that was sent without an id is found by its bytes, unless the server
    /// filled it.
    /// </summary>
    private static PostedEvent? Place(JsonElement refused, string id, ILookup<string, PostedEvent> places)
    {
        if (places[id].FirstOrDefault() is { } known && id.Length > 0)
        {
            return known;
        }

        var withoutId = places[""].ToList();
        return withoutId is [var only] ? only : withoutId.Find(posted => HasBytesOf(posted.Json, refused));
    }

    private static bool HasBytesOf(byte[] json, JsonElement refused) =>
        refused.ValueKind != JsonValueKind.Undefined
        && Encoding.UTF8.GetString(json).Equals(refused.GetRawText(), StringComparison.Ordinal);

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
