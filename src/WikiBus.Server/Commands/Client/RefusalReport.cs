using System.Text;
using System.Text.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Client;

/// <summary>Reports which events the server refused and why, from the lists in its answer.</summary>
internal static class RefusalReport
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 2048 };

    /// <summary>One line for each event that the answer lists.</summary>
    public static IReadOnlyList<string> Lines(ReadOnlyMemory<byte> answer, IReadOnlyList<PostedEvent> batch)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, s_options);
            return document.RootElement.ValueKind != JsonValueKind.Object ? [] :
            [
                .. document.RootElement.EnumerateObject()
                    .Where(static list => list.Value.ValueKind == JsonValueKind.Array)
                    .SelectMany(list => LinesOf(list, batch)),
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

    /// <summary>A list has its events in the order of the request, so each is searched after the one before.</summary>
    private static IEnumerable<string> LinesOf(JsonProperty list, IReadOnlyList<PostedEvent> batch)
    {
        var next = 0;
        foreach (var item in list.Value.EnumerateArray())
        {
            var refused = item.TryGetProperty("event", out var found) ? found : default;
            var place = "an event";
            for (var index = next; index < batch.Count; index++)
            {
                if (IsFrom(refused, batch[index]))
                {
                    place = $"{batch[index].Source} line {batch[index].Line}, event {batch[index].Number}";
                    next = index + 1;
                    break;
                }
            }

            var what = $"{Text(refused, "meta", "stream")} {Text(refused, "meta", "id")}".Trim();
            var named = what.Length > 0 ? what : "without stream and id";
            var verdict = list.NameEquals("invalid") ? "invalid" : "refused";
            yield return Echo.Printable($"{place} ({named}) is {verdict}: {Reason(item)}");
        }
    }

    private static bool IsFrom(JsonElement refused, PostedEvent posted)
    {
        // As text, since the server, too, reads bytes that are not UTF-8 as U+FFFD.
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(posted.Json), s_options);
        var sent = document.RootElement;
        if (sent.ValueKind != JsonValueKind.Object)
        {
            // The answer has only objects, so it wraps other values.
            return refused.ValueKind == JsonValueKind.Object && refused.TryGetProperty("value", out var value)
                && JsonElement.DeepEquals(sent, value);
        }

        return Text(sent, "meta", "id") is { Length: > 0 } id
            ? Text(refused, "meta", "id") == id
            : IsFilled(refused, sent);
    }

    /// <summary>
    /// Whether a value is the sent one, or the sent one with the members that the server adds. Of members with the same
    /// name, the last counts.
    /// </summary>
    private static bool IsFilled(JsonElement filled, JsonElement sent) => (filled.ValueKind, sent.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => sent.EnumerateObject().All(member =>
            Find(filled, member) is { } value && Find(sent, member) is { } last && IsFilled(value, last)),
        (JsonValueKind.Array, JsonValueKind.Array) => filled.GetArrayLength() == sent.GetArrayLength()
            && filled.EnumerateArray().Zip(sent.EnumerateArray()).All(static pair => IsFilled(pair.First, pair.Second)),
        _ => filled.GetRawText() == sent.GetRawText(),
    };

    /// <summary>The last member with the same name.</summary>
    private static JsonElement? Find(JsonElement element, JsonProperty named)
    {
        try
        {
            return element.TryGetProperty(named.Name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // .NET reads no half of a surrogate pair.
            return null;
        }
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

        try
        {
            return element.ToString();
        }
        catch (InvalidOperationException)
        {
            // .NET reads no half of a surrogate pair.
            return element.GetRawText();
        }
    }
}
