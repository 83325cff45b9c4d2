using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using WikiBus.Events;

namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>
/// Reads a client's last id: ours, an EventStreams server's, or one made by hand from an event's <c>meta</c>. It is a
/// JSON array of topic names and of objects with <c>topic</c>, <c>partition</c> and <c>offset</c> or <c>timestamp</c>,
/// or a JSON string of names joined by commas.
/// </summary>
internal static class ResumeId
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 16 };

    public static bool TryParse(
        string id,
        [NotNullWhen(true)] out IReadOnlyList<ResumeEntry>? entries,
        [NotNullWhen(false)] out AssignmentFault? fault)
    {
        entries = null;
        try
        {
            // As bytes: a query can hold half a surrogate pair, which must be a fault of the text, not of ours.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(id), s_options);
            entries = Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            fault = AssignmentFault.NotJson(
                id, string.IsNullOrWhiteSpace(id) ? "Unexpected end of JSON input" : exception.Message);
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string with an escaped lone surrogate is JSON, but not text.
            fault = AssignmentFault.WrongShape(id);
            return false;
        }

        fault = entries is null ? AssignmentFault.WrongShape(id) : null;
        return entries is not null;
    }

    private static List<ResumeEntry>? Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.String)
        {
            return [.. root.GetString()!.Split(',').Select(Named)];
        }

        if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() == 0)
        {
            return null;
        }

        var entries = new List<ResumeEntry>(root.GetArrayLength());
        foreach (var element in root.EnumerateArray())
        {
            if (ReadEntry(element) is not { } entry)
            {
                return null;
            }

            entries.Add(entry);
        }

        return entries;
    }

    private static ResumeEntry? ReadEntry(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return Named(element.GetString()!);
        }

        if (element.ValueKind != JsonValueKind.Object
            || Text(element, "topic") is not { } topic
            || Whole(element, "partition") is not { } partition)
        {
            return null;
        }

        var offset = Whole(element, "offset");
        var timestamp = Whole(element, "timestamp");
        var log = Text(element, "log");
        var position = Whole(element, "position");
        var isOurs = log is not null && position >= 0;

        // The stream of an id of ours is repeated in the ids of the answer, where it is not escaped.
        return (offset is null && timestamp is null && !isOurs) || (isOurs && !StreamName.IsValid(topic))
            ? null
            : new ResumeEntry(topic, partition, offset, timestamp, isOurs ? log : null, isOurs ? position : null);
    }

    private static ResumeEntry Named(string topic) => new(topic, 0, null, null, null, null);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // JavaScript knows one kind of number: 1.0 and 1e3 are integers, too.
    private static long? Whole(JsonElement element, string name)
    {
        const double SafeMax = 1L << 53;
        if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        if (value.TryGetInt64(out var whole))
        {
            return whole;
        }

        return value.TryGetDouble(out var number) && Math.Abs(number) <= SafeMax && number == Math.Truncate(number)
            ? (long)number
            : null;
    }
}
