using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Sending;

/// <summary>Divides events into bodies of limited size, as EventBus does.</summary>
internal static class EventBatches
{
    /// <summary>
    /// A list that is too large is divided into equal groups, and each of them again if it is still too large. One
    /// event that is too large has a body of its own.
    /// </summary>
    public static IEnumerable<ArraySegment<MediaWikiEvent>> Divide(ArraySegment<MediaWikiEvent> events, int bytesMax)
    {
        var bytes = BytesOf(events.Select(item => item.Json));
        if (events.Count <= 1 || bytes <= bytesMax)
        {
            return [events];
        }

        var groups = (bytes + bytesMax - 1) / bytesMax;
        var size = (int)Math.Max(1, events.Count / groups);
        return Enumerable.Range(0, (events.Count + size - 1) / size)
            .SelectMany(i => Divide(events.Slice(i * size, Math.Min(size, events.Count - (i * size))), bytesMax));
    }

    /// <summary>The body: always a list, also of one event.</summary>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var body = new byte[BytesOf(events)];
        var length = 0;
        foreach (var item in events)
        {
            body[length++] = (byte)(length == 1 ? '[' : ',');
            item.Span.CopyTo(body.AsSpan(length));
            length += item.Length;
        }

        body[length] = (byte)']';
        return body;
    }

    private static long BytesOf(IEnumerable<ReadOnlyMemory<byte>> events) => events.Sum(item => item.Length + 1L) + 1;
}
