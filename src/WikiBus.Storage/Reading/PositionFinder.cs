using System.Collections.Concurrent;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage.Reading;

/// <summary>
/// Finds positions by time and by stream and offset, and what is held of a stream. Safe for concurrent use.
/// </summary>
internal sealed class PositionFinder(
    LogPublication publication, StreamTable streams, IndexStore indexes, SegmentSkipper skipper)
{
    /// <summary>First time held per stream, and the offset it belongs to: retention makes another one of it.</summary>
    private readonly ConcurrentDictionary<string, (long Offset, long TimeMs)> _firstTimes = new(StringComparer.Ordinal);
    private (long Number, Dictionary<string, StreamTail> Streams)? _beforeFirst;

    /// <summary>The first record appended at or after a time; the end when there is none.</summary>
    public long FindTime(long timeMs) => WhileHeld(() => FindTimeOnce(timeMs));

    /// <summary>The stream's first record with at least this offset; the end when there is none.</summary>
    public long FindOffset(string stream, long offset) => WhileHeld(() => FindOffsetOnce(stream, offset));

    public StreamSummary Summarise(StreamEntry entry) => WhileHeld(() => SummariseOnce(entry));

    private long FindTimeOnce(long timeMs)
    {
        var snapshot = publication.Current;
        var segments = snapshot.Segments;
        // The clock in a header covers everything before its segment, so it never falls from segment to segment.
        var index = FindLast(segments, segment => segment.Header.ClockMaxMs < timeMs);
        var segment = segments[Math.Max(0, index)];
        var start = indexes.Get(segment).FindTime(timeMs, segment.FirstPosition);
        using var batch = new RecordBatch();
        using var reader = new EventLogReader(
            publication, streams, skipper, new ReadFilter { Header = record => record.TimeMs >= timeMs })
        {
            Position = start,
        };
        while (reader.Read(batch))
        {
            if (batch.Records.Count > 0)
            {
                return batch.Records[0].Position;
            }
        }

        return reader.Position;
    }

    private long FindOffsetOnce(string stream, long offset)
    {
        var snapshot = publication.Current;
        var segments = snapshot.Segments;
        var first = FindLast(segments, segment => OffsetBefore(segment, stream) <= offset);
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

    private StreamSummary SummariseOnce(StreamEntry entry)
    {
        var tail = entry.Committed;
        var firstOffset = OffsetBefore(publication.Current.Segments[0], entry.Name);
        return new StreamSummary(
            entry.Name, firstOffset, tail.NextOffset, FirstTime(entry.Name, firstOffset, tail.NextOffset),
            tail.LastTimeMs, tail.LastPosition);
    }

    /// <summary>Retention may take a segment while it is looked into; then the search begins anew without it.</summary>
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
                // Another try, with one segment less at least: it ends.
            }
        }
    }

    private long FirstTime(string stream, long firstOffset, long nextOffset)
    {
        if (firstOffset == nextOffset)
        {
            return 0;
        }

        if (_firstTimes.TryGetValue(stream, out var known) && known.Offset == firstOffset)
        {
            return known.TimeMs;
        }

        var position = FindOffset(stream, firstOffset);
        if (TimeOf(position) is not { } timeMs)
        {
            return 0;
        }

        _firstTimes[stream] = (firstOffset, timeMs);
        return timeMs;
    }

    /// <summary>A record's time of append; null if it cannot be read: a summary does without.</summary>
    private long? TimeOf(long position)
    {
        try
        {
            using var records = new RecordFinder(publication, skipper);
            return records.Find(position)?.TimeMs;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The stream's next offset as of before a segment.</summary>
    private long OffsetBefore(Segment segment, string stream)
    {
        if (_beforeFirst is not { } before || before.Number != segment.Number)
        {
            using var file = segment.Open();
            before = (segment.Number, SegmentList.ReadStreamsBefore(file));
            if (segment == publication.Current.Segments[0])
            {
                _beforeFirst = before;
            }
        }

        return before.Streams.TryGetValue(stream, out var tail) ? tail.NextOffset : 0;
    }

    /// <summary>The last segment that a test, true for some first segments only, is true for; -1: none.</summary>
    private static int FindLast(Segment[] segments, Func<Segment, bool> test)
    {
        int low = 0, high = segments.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (test(segments[middle]))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
