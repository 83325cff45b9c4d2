using WikiBus.Storage.Records;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Which times the events of those segments tell that left the dedupe window since the log was opened: nearly all new
/// events are younger than all of these, and need not be looked up in any. Not safe for concurrent use.
/// </summary>
internal sealed class LeftSegments
{
    /// <summary>Segments that have gone are forgotten when they are so many.</summary>
    private const int GoneMax = 1024;

    private readonly List<Entry> _entries = [];

    /// <summary>The first segment that is known here: its number.</summary>
    private long _first;

    /// <summary>Adds a segment; each follows the one before it.</summary>
    public void Add(long number, in EventTimes times)
    {
        if (_entries.Count == 0)
        {
            _first = number;
        }

        var maxMs = _entries.Count == 0 ? times.MaxMs : Math.Max(_entries[^1].MaxMs, times.MaxMs);
        _entries.Add(new Entry(times, maxMs));
    }

    /// <summary>Retention took all segments before this one.</summary>
    public void Forget(long firstNumber)
    {
        var gone = (int)Math.Min(_entries.Count, firstNumber - _first);
        if (gone >= GoneMax)
        {
            _entries.RemoveRange(0, gone);
            _first += gone;
        }
    }

    /// <summary>
    /// The newest segment, of this number or below, that may hold an event of a time: the first to be looked into.
    /// </summary>
    public long NewestThatMayHold(long timeMs, long number)
    {
        while (number >= _first && number - _first < _entries.Count)
        {
            var entry = _entries[(int)(number - _first)];
            if (entry.Times.Holds(timeMs))
            {
                break;
            }

            // No segment up to here is known to have an event as young: the first that is not known is next.
            number = entry.MaxMs < timeMs ? _first - 1 : number - 1;
        }

        return number;
    }

    /// <param name="Times">Of the segment.</param>
    /// <param name="MaxMs">The latest time in this segment and those before it.</param>
    private readonly record struct Entry(EventTimes Times, long MaxMs);
}
