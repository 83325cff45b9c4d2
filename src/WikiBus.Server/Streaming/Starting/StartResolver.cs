using WikiBus.Server.Streams;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Starting;

/// <summary>
/// Finds where in the log a request begins: by its last id, else by its time, else at the end. Safe for concurrent
/// use.
/// </summary>
internal sealed class StartResolver(EventLog log, StreamCatalog catalog, TimeProvider time)
{
    private const long KafkaLatest = -1;
    private const long KafkaEarliest = -2;

    private readonly LogSearch _search = new(log);

    /// <summary>The fault of an id that names topics of none of the streams; else null.</summary>
    public AssignmentFault? FindFault(StreamRequest request)
    {
        if (request.Resume is not { } entries || entries.Any(static entry => entry.Log is not null))
        {
            return null;
        }

        var strangers = entries.Where(entry => !request.Streams.Any(stream => IsOf(entry, stream))).ToList();
        var topics = strangers.Select(static entry => entry.Topic).Distinct(StringComparer.Ordinal);
        return strangers.Count > 0 ? AssignmentFault.NotAvailable(topics, request.Streams) : null;
    }

    /// <summary>
    /// Finds the start of a request without a fault. If the log cannot be read as far as needed, throws an exception
    /// that <see cref="LogFault"/> recognises.
    /// </summary>
    /// <param name="request">What a client asks for.</param>
    /// <param name="beginStep">Awaited before each search of the log; may let others search first.</param>
    public async ValueTask<StreamStart> ResolveAsync(StreamRequest request, Func<ValueTask> beginStep)
    {
        await beginStep();
        if (request.Resume is not { } entries)
        {
            return StartWithoutId(request);
        }

        var ours = entries.Where(entry => entry.Log == log.LogId).ToList();
        if (ours.Count > 0)
        {
            return StartAt(ours.MinBy(static entry => entry.Position)!, request);
        }

        return entries.Any(static entry => entry.Log is not null)
            ? await StartByTimeAsync(entries, request, beginStep)
            : await StartByForeignIdAsync(entries, request, beginStep);
    }

    private StreamStart StartWithoutId(StreamRequest request)
    {
        return Start(PositionBySince(request), request, GapsBySince(request), notBefore: null);
    }

    // An id of this log decides alone, for all streams: also for one that the client has added since.
    private StreamStart StartAt(ResumeEntry entry, StreamRequest request)
    {
        var position = Math.Min(entry.Position!.Value, log.EndPosition);
        try
        {
            if (position >= log.FirstPosition)
            {
                return Start(position, request, [], notBefore: null);
            }
        }
        catch (Exception exception) when (LogFault.Is(exception))
        {
            // The position is known, only its name is not. The connection will come to the damage and report it.
        }

        // The same behind retention: the connection begins where the client was, and reports the gap like a connection
        // that fell behind.
        var anchor = new StreamPlace(entry.Topic, entry.Offset ?? 0, entry.TimestampMs ?? 0);
        return new StreamStart(position, anchor, [], NotBefore: null);
    }

    // An id of another log of ours names one stream, but its place is that of all streams. Only its time counts here.
    private async ValueTask<StreamStart> StartByTimeAsync(
        IReadOnlyList<ResumeEntry> entries, StreamRequest request, Func<ValueTask> beginStep)
    {
        var position = PositionByTime(entries, request, out var isCertain);
        var gaps = new List<StreamGap>();
        foreach (var stream in isCertain ? [] : request.Streams)
        {
            await beginStep();
            gaps.Add(ForeignGap(stream, position));
        }

        await beginStep();
        return Start(position, request, gaps, notBefore: null);
    }

    private async ValueTask<StreamStart> StartByForeignIdAsync(
        IReadOnlyList<ResumeEntry> entries, StreamRequest request, Func<ValueTask> beginStep)
    {
        var gaps = new List<StreamGap>();
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        long? bySince = null;
        foreach (var stream in request.Streams)
        {
            await beginStep();
            var own = entries.Where(entry => IsOf(entry, stream) && !entry.IsPlaceless).ToList();
            positions[stream] = own.Count == 0
                ? bySince ??= PositionBySince(request)
                : PositionByEntries(stream, own, request, gaps);
        }

        await beginStep();
        var first = positions.Values.Min();
        var areEqual = positions.Values.All(position => position == first);
        return Start(first, request, gaps, areEqual ? null : positions);
    }

    private long PositionByEntries(
        string stream, List<ResumeEntry> entries, StreamRequest request, List<StreamGap> gaps)
    {
        var exact = entries
            .Where(entry => entry is { Partition: 0, Offset: not null } && entry.Topic == stream)
            .Select(static entry => entry.Offset!.Value)
            .ToList();
        if (exact.Count > 0)
        {
            return PositionByOffsets(stream, exact, gaps);
        }

        var position = PositionByTime(entries, request, out var isCertain);
        if (!isCertain)
        {
            gaps.Add(ForeignGap(stream, position));
        }

        return position;
    }

    // The first place counts. It alone is searched for, since an id may repeat a stream some hundred times.
    private long PositionByOffsets(string stream, List<long> offsets, List<StreamGap> gaps)
    {
        if (log.FindStream(stream) is not { } summary)
        {
            return log.EndPosition;
        }

        var deleted = offsets.Where(offset => offset >= 0 && offset < summary.FirstOffset).ToList();
        if (deleted.Count > 0)
        {
            gaps.Add(new StreamGap(stream, deleted.Min(), summary.FirstOffset, StreamGap.Retention));
        }

        var first = Math.Max(offsets.Min(offset => WantedOffset(offset, summary)), summary.FirstOffset);
        return first >= summary.NextOffset ? log.EndPosition : log.FindPosition(stream, first);
    }

    private static long WantedOffset(long offset, StreamSummary summary) => offset switch
    {
        KafkaLatest => summary.NextOffset,
        < ResumeEntry.KafkaTail => summary.NextOffset + (offset - ResumeEntry.KafkaTail),
        < 0 => 0,
        _ => offset,
    };

    private StreamGap ForeignGap(string stream, long position) =>
        new(stream, null, _search.FindOffset(stream, position), StreamGap.ForeignId);

    private long PositionByTime(IReadOnlyList<ResumeEntry> entries, StreamRequest request, out bool isCertain)
    {
        var times = entries.Where(static entry => entry.TimestampMs >= 0)
            .Select(static entry => entry.Log is null ? entry.TimestampMs!.Value : entry.TimestampMs!.Value - 1)
            .ToList();
        if (times.Count > 0)
        {
            isCertain = false;
            return log.FindPosition(times.Min());
        }

        // Both say where Kafka is to begin, not where the client was, so there is no gap.
        isCertain = entries.All(static entry =>
            entry.Offset is KafkaEarliest or KafkaLatest || entry.TimestampMs is KafkaEarliest or KafkaLatest);
        return entries.Any(static entry => entry.Offset is KafkaEarliest || entry.TimestampMs is KafkaEarliest)
            ? log.FirstPosition
            : PositionBySince(request);
    }

    private long PositionBySince(StreamRequest request) =>
        request.SinceMs is { } since ? log.FindPosition(since) : log.EndPosition;

    private List<StreamGap> GapsBySince(StreamRequest request)
    {
        var gaps = new List<StreamGap>();
        if (request.SinceMs is not { } since)
        {
            return gaps;
        }

        foreach (var stream in request.Streams)
        {
            // If retention took a whole stream, only the time of its last record is known.
            if (log.FindStream(stream) is { FirstOffset: > 0 } summary
                && (since < summary.FirstTimeMs
                    || (summary.FirstOffset == summary.NextOffset && since <= summary.LastTimeMs)))
            {
                gaps.Add(new StreamGap(stream, null, summary.FirstOffset, StreamGap.Retention));
            }
        }

        return gaps;
    }

    private StreamStart Start(
        long position, StreamRequest request, List<StreamGap> gaps, IReadOnlyDictionary<string, long>? notBefore)
    {
        var stream = request.Streams[0];
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var anchor = new StreamPlace(stream, _search.FindOffset(stream, position), _search.FindTimeOf(position) ?? now);
        return new StreamStart(position, anchor, gaps, notBefore);
    }

    /// <summary>
    /// Whether the entry's topic is the stream's name, the name after a data centre, or one of the stream's topics.
    /// </summary>
    private bool IsOf(ResumeEntry entry, string stream) =>
        entry.Topic == stream
        || (entry.Topic.EndsWith(stream, StringComparison.Ordinal)
            && entry.Topic.AsSpan(0, entry.Topic.Length - stream.Length) is [.. var centre, '.']
            && !centre.Contains('.'))
        || catalog.Find(stream)?.Topics.Contains(entry.Topic) == true;
}
