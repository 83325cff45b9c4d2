using WikiBus.Storage.Indexes;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Reading;

/// <summary>
/// Finds positions by the time of append. Records may have wrong times, since clocks jump: then more is found than
/// needed, never less. Safe for concurrent use.
/// </summary>
internal sealed class TimeFinder(
    LogPublication publication, StreamTable streams, IndexStore indexes, SegmentSkipper skipper)
{
    /// <summary>Bytes of one read in the search, which begins at a mark of an index.</summary>
    private const int ReadBytes = 16 * 1024;

    /// <summary>
    /// Where the records appended at or after a time begin; the end when there is none. If the clock had jumped back
    /// just before there, also the records since that jump, whose true time is unknown.
    /// </summary>
    public long FindStart(long timeMs)
    {
        var found = FindFirst(publication.Current.Segments, timeMs);
        if (found.TimeMsBefore >= found.ClockMsBefore)
        {
            return found.Position;
        }

        var segments = publication.Current.Segments;
        var peak = FindFirst(segments, found.ClockMsBefore).Position;
        return peak < found.Position ? peak + 1 : segments[0].FirstPosition;
    }

    /// <summary>A position from which on no record held now was appended before a time.</summary>
    public long FindEnd(long timeMs)
    {
        var snapshot = publication.Current;
        var segments = snapshot.Segments;
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            var segment = segments[index];
            var end = index < segments.Length - 1 ? segments[index + 1].FirstPosition : snapshot.EndPosition;
            var lag = indexes.LagOf(segment);
            if (lag == SegmentIndex.UnknownLag)
            {
                return end;
            }

            // No time is below the highest clock before it, less the lag.
            if (segment.Header.ClockMaxMs < timeMs + lag)
            {
                return Math.Min(end, FindFirst([segment], timeMs + lag, end).Position);
            }
        }

        return segments[0].FirstPosition;
    }

    /// <summary>The first record at or after a time, which lies in one of the segments or behind them.</summary>
    /// <param name="segments">Where to search.</param>
    /// <param name="timeMs">The time.</param>
    /// <param name="end">The search ends about here; what it then returns is not before this position.</param>
    private Found FindFirst(Segment[] segments, long timeMs, long end = long.MaxValue)
    {
        // The clock in a header covers everything before its segment, so it never falls from segment to segment.
        var index = Math.Max(0, BinarySearch.Last<Segment>(segments, segment => segment.Header.ClockMaxMs < timeMs));
        var segment = segments[index];
        var (start, clockMs) = indexes.Get(segment).FindTime(timeMs, segment.Header);
        var before = index > 0 ? indexes.TryGet(segments[index - 1]) : null;
        var beforeMs = before is { RecordCount: > 0 } ? before.LastTimeMs : clockMs;
        var isFound = false;
        var filter = new ReadFilter
        {
            Header = record =>
            {
                isFound |= record.TimeMs >= timeMs;
                if (!isFound)
                {
                    beforeMs = record.TimeMs;
                    clockMs = Math.Max(clockMs, beforeMs);
                }

                return isFound;
            },
        };
        using var batch = new RecordBatch();
        using var reader = new EventLogReader(publication, streams, skipper, filter) { Position = start };
        while (reader.Position < end && reader.Read(batch, ReadBytes))
        {
            if (batch.Records.Count > 0)
            {
                return new Found(batch.Records[0].Position, beforeMs, clockMs);
            }
        }

        return new Found(reader.Position, beforeMs, clockMs);
    }

    /// <param name="Position">Of the record; the end when there is none.</param>
    /// <param name="TimeMsBefore">The time of the record before it.</param>
    /// <param name="ClockMsBefore">The highest time before it.</param>
    private readonly record struct Found(long Position, long TimeMsBefore, long ClockMsBefore);
}
