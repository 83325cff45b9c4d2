using System.Collections.Concurrent;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Reading;

/// <summary>
/// Finds positions by time and by stream and offset, and what is held of streams. Safe for concurrent use.
/// </summary>
internal sealed class PositionFinder(
    LogPublication publication, StreamTable streams, IndexStore indexes, SegmentSkipper skipper)
{
    private readonly TimeFinder _times = new(publication, streams, indexes, skipper);

    /// <summary>The first record held of each stream that was asked for, until retention deletes its segment.</summary>
    private readonly ConcurrentDictionary<string, FirstRecord> _firsts = new(StringComparer.Ordinal);
    private StreamsBefore? _beforeFirst;

    /// <inheritdoc cref="TimeFinder.FindStart" />
    public long FindTime(long timeMs) => WhileHeld(() => _times.FindStart(timeMs));

    /// <inheritdoc cref="TimeFinder.FindEnd" />
    public long FindEnd(long timeMs) => WhileHeld(() => _times.FindEnd(timeMs));

    /// <summary>The stream's first record with at least this offset; the end when there is none.</summary>
    public long FindOffset(string stream, long offset) => WhileHeld(() => FindOffsetOnce(stream, offset));

    /// <summary>The stream's first record at or after a position; null when there is none.</summary>
    public (long Position, long Offset)? FindFrom(string stream, long position) =>
        WhileHeld(() => FindFromOnce(stream, position));

    /// <summary>
    /// Summaries in the order of the entries. Each index is asked once, however many streams there are.
    /// </summary>
    public IReadOnlyList<StreamSummary> Summarise(IReadOnlyList<StreamEntry> entries) =>
        WhileHeld(() => SummariseOnce(entries));

    private long FindOffsetOnce(string stream, long offset)
    {
        var snapshot = publication.Current;
        var segments = snapshot.Segments;
        var first = BinarySearch.Last<Segment>(segments, segment => Before(segment).OffsetOf(stream) <= offset);
        for (var index = Math.Max(0, first); index < segments.Length; index++)
        {
            var position = indexes.Get(segments[index]).FindOffset(stream, offset);
            if (position >= 0)
            {
                return position;
            }
        }

        return snapshot.EndPosition;
    }

    private (long Position, long Offset)? FindFromOnce(string stream, long position)
    {
        var snapshot = publication.Current;
        if (streams.Find(stream) is not { IsCommitted: true } entry || entry.Committed.LastPosition < position)
        {
            return null;
        }

        for (var index = snapshot.FindIndex(position); index < snapshot.Segments.Length; index++)
        {
            if (indexes.Get(snapshot.Segments[index]).FindFrom(stream, position) is { } found)
            {
                // The index of the segment that grows may be newer than the snapshot.
                return found.Position < snapshot.EndPosition ? found : null;
            }
        }

        return null;
    }

    private StreamSummary[] SummariseOnce(IReadOnlyList<StreamEntry> entries)
    {
        var segments = publication.Current.Segments;
        var streams = entries.Select(static entry => (entry.Name, Tail: entry.Committed)).ToList();
        var missing = streams
            .Where(stream => IsHeld(stream.Tail, segments) && FindFirst(stream.Name, segments) is null)
            .Select(static stream => stream.Name)
            .ToHashSet(StringComparer.Ordinal);
        var damaged = long.MaxValue;
        for (var index = 0; index < segments.Length && missing.Count > 0; index++)
        {
            var number = segments[index].Number;
            if (indexes.TryGet(segments[index]) is { } contents)
            {
                missing.RemoveWhere(stream => TryAddFirst(stream, number, contents));
            }
            else
            {
                damaged = Math.Min(damaged, number);
            }
        }

        // The streams that no index has are in a damaged segment, and are not looked for again.
        foreach (var stream in damaged < long.MaxValue ? missing : [])
        {
            _firsts[stream] = new FirstRecord(damaged, 0, 0);
        }

        return [.. streams.Select(stream => Summary(stream.Name, stream.Tail, segments))];
    }

    private bool TryAddFirst(string stream, long segmentNumber, SegmentIndex index)
    {
        if (index.FirstOf(stream) is not { } first)
        {
            return false;
        }

        _firsts[stream] = new FirstRecord(segmentNumber, first.Offset, first.TimeMs);
        return true;
    }

    private static bool IsHeld(in StreamTail tail, Segment[] segments) =>
        tail.LastPosition >= segments[0].FirstPosition;

    private FirstRecord? FindFirst(string stream, Segment[] segments) =>
        _firsts.TryGetValue(stream, out var first) && first.SegmentNumber >= segments[0].Number ? first : null;

    private StreamSummary Summary(string stream, in StreamTail tail, Segment[] segments)
    {
        var first = IsHeld(tail, segments) ? FindFirst(stream, segments) : null;
        var firstOffset = first?.Offset ?? (IsHeld(tail, segments) ? 0 : tail.NextOffset);
        return new StreamSummary(
            stream, firstOffset, tail.NextOffset, first?.TimeMs ?? 0, tail.LastTimeMs, tail.LastPosition);
    }

    /// <summary>Retention may delete a segment during the search; then the search starts again without it.</summary>
    private T WhileHeld<T>(Func<T> search)
    {
        while (true)
        {
            var first = publication.Current.Segments[0];
            try
            {
                return search();
            }
            catch (IOException) when (first != publication.Current.Segments[0])
            {
                // The next try has at least one segment less, so this ends.
            }
        }
    }

    /// <summary>
    /// The streams as of before a segment. Those before the first segment are kept: they are asked for most.
    /// </summary>
    private StreamsBefore Before(Segment segment)
    {
        if (Volatile.Read(ref _beforeFirst) is { } known && known.SegmentNumber == segment.Number)
        {
            return known;
        }

        using var file = segment.Open();
        var before = new StreamsBefore(segment.Number, SegmentList.ReadStreamsBefore(file));
        if (segment == publication.Current.Segments[0])
        {
            Volatile.Write(ref _beforeFirst, before);
        }

        return before;
    }

    /// <summary>The first record of a stream, found in a segment.</summary>
    private sealed record FirstRecord(long SegmentNumber, long Offset, long TimeMs);

    private sealed record StreamsBefore(long SegmentNumber, Dictionary<string, StreamTail> Tails)
    {
        public long OffsetOf(string stream) => Tails.TryGetValue(stream, out var tail) ? tail.NextOffset : 0;
    }
}
