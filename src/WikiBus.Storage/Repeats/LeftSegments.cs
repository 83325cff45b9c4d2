using System.Diagnostics;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// The times of the events in segments that left the dedupe window since the log was opened. Nearly all new events are
/// younger than these, so they are looked up in none of the segments. Not safe for concurrent use.
/// </summary>
internal sealed class LeftSegments
{
    /// <summary>Deleted segments are forgotten when there are this number of them.</summary>
    private const int DeletedMax = 1024;

    private readonly List<Entry> _entries = [];

    /// <summary>Number of the first segment that is known here.</summary>
    private long _first;

    /// <summary>Adds a segment; each follows the one before it.</summary>
    public void Add(long number, in EventTimes times)
    {
        if (_entries.Count == 0)
        {
            _first = number;
        }

        Debug.Assert(number == _first + _entries.Count, "Each segment follows the one before it.");
        var maxMs = _entries.Count == 0 ? times.MaxMs : Math.Max(_entries[^1].MaxMs, times.MaxMs);
        _entries.Add(new Entry(times, maxMs));
    }

    /// <summary>Forgets segments before this one, which retention deleted.</summary>
    public void Forget(long firstNumber)
    {
        var deleted = (int)Math.Min(_entries.Count, firstNumber - _first);
        if (deleted >= DeletedMax)
        {
            _entries.RemoveRange(0, deleted);
            _first += deleted;
        }
    }

    /// <summary>
    /// The newest segment, of this number or below, that may hold an event of a time: the first to look into.
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

            // No known segment up to here has such a young event: the next one is before the first known one.
            number = entry.MaxMs < timeMs ? _first - 1 : number - 1;
        }

        return number;
    }

    /// <param name="Times">Of the segment.</param>
    /// <param name="MaxMs">The latest time in this segment and those before it.</param>
    private readonly record struct Entry(EventTimes Times, long MaxMs);
}
