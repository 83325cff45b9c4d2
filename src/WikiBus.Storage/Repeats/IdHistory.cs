using System.Diagnostics;
using WikiBus.Storage.Files;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Keeps the ids of whole segments in the window: all from <see cref="_first"/> on. Older ones are looked up in id
/// files, by the event's own time. Not safe for concurrent use.
/// </summary>
/// <param name="window">Gets the ids.</param>
/// <param name="ids">The id files.</param>
/// <param name="mending">Makes id files again.</param>
/// <param name="publication">The segments.</param>
/// <param name="options">The window's limits.</param>
/// <param name="clock">Says which ids are too old.</param>
/// <param name="startMs">
/// When the last record before the start was appended. A clock that is ahead at the start may be wrong. So until it has
/// settled, no id becomes too old.
/// </param>
internal sealed class IdHistory(
    DedupeWindow window,
    IdStore ids,
    IdFileMending mending,
    LogPublication publication,
    EventLogOptions options,
    CautiousClock clock,
    long startMs)
{
    /// <summary>
    /// How far the clock of an event's producer may be ahead of ours, in a search for a record that the event repeats.
    /// </summary>
    private const long ClockSkewMsMax = 10 * 60 * 1000;

    /// <summary>
    /// Most ids that one call of <see cref="Trim"/> removes, or twice as many as came since the last call. Removing a
    /// whole segment's ids in one step would delay requests by tens of milliseconds.
    /// </summary>
    private const int RemovalsMin = 4096;

    /// <summary>Loading this number of ids leaves enough garbage to collect it immediately.</summary>
    private const int ManyIds = 100_000;

    private readonly LeftSegments _left = new();

    /// <summary>How many ids the window had after the last <see cref="Trim"/>.</summary>
    private int _countAfterTrim;

    /// <summary>The oldest segment of which every id is in the window.</summary>
    private Segment? _first;

    /// <summary>
    /// Segments whose ids the window should have got at start and did not: from this number on, up to but without
    /// another segment; null: none. Events without a time of their own are looked up in these, until they are older
    /// than the window.
    /// </summary>
    private (long From, Segment End)? _missed;

    /// <summary>
    /// Fills the window from id files, as far back as its limits reach. Missing files are made again; the window begins
    /// behind a segment whose ids cannot be read (now or ever, or retention deleted it meanwhile).
    /// </summary>
    public void Load()
    {
        var segments = publication.Current.Segments;
        var (wanted, count) = FindFirst(segments);
        var first = wanted;
        window.Reserve(count);
        for (var index = first; index < segments.Length; index++)
        {
            if (TryLoad(segments[index]) is not { } entries)
            {
                window.RemoveAll();
                first = index + 1;
                continue;
            }

            // Id files are sorted by hash; the window keeps the order of the log.
            Array.Sort(entries, static (left, right) => left.Position.CompareTo(right.Position));
            foreach (var entry in entries)
            {
                window.Add(entry);
            }
        }

        _countAfterTrim = window.Count;
        _first = segments[first];
        _missed = first > wanted ? (segments[wanted].Number, _first) : null;
        ids.LeaveInFile(segments[^1]);
        if (window.Count >= ManyIds)
        {
            // The copies that were read are garbage now, and an idle process keeps them for hours: a quarter of its
            // memory.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        }
    }

    /// <summary>
    /// Removes the oldest segments' ids beyond the limits, a part of them with each call. Those of the segment that
    /// grows stay: no id file holds all of them yet.
    /// </summary>
    public void Trim()
    {
        var removalsMax = Math.Max(RemovalsMin, 2 * (window.Count - _countAfterTrim));
        while (RemoveStale(ref removalsMax) && _first?.Successor is { } next
            && (window.Count > options.DedupeIdsMax || IsTooOld(next)))
        {
            // From here on its ids are looked up in its file; those that are still in the window do no harm.
            _left.Add(_first.Number, ids.TimesOf(_first));
            _left.Forget(publication.Current.Segments[0].Number);
            _first = next;
        }

        _countAfterTrim = window.Count;
    }

    /// <summary>
    /// Removes ids of segments that the window does not cover any more, at most <paramref name="countMax"/>; true if
    /// none is left.
    /// </summary>
    private bool RemoveStale(ref int countMax)
    {
        while (window.Count > 0 && _first is not null && window.FirstPosition < _first.FirstPosition)
        {
            if (countMax-- == 0)
            {
                return false;
            }

            window.RemoveFirst();
        }

        return true;
    }

    /// <summary>
    /// True if an event of this time (0: it has none) can repeat one in a segment that the window does not cover.
    /// </summary>
    public bool Reaches(long eventTimeMs) => EndFor(eventTimeMs) is { } end
        && publication.Current.Segments[0].Number < end.Number
        && ClockMaxMsBefore(end) >= ClockMsMin(eventTimeMs);

    /// <summary>
    /// Adds the positions of records with this hash in segments that the window does not cover, as far back as an event
    /// of this time can have been appended. False if an id file among them has to be made again first.
    /// </summary>
    public bool TryFindOlder(ulong key, long eventTimeMs, List<long> positions)
    {
        Debug.Assert(EndFor(eventTimeMs) is not null, "Only a time that reaches back is looked up.");
        var segments = publication.Current.Segments;
        var from = Math.Max(segments[0].Number, eventTimeMs == 0 ? _missed!.Value.From : 0);
        var clockMsMin = ClockMsMin(eventTimeMs);
        var isComplete = true;
        for (var number = NewestUpTo(EndFor(eventTimeMs)!.Number - 1); number >= from; number = NewestUpTo(number - 1))
        {
            var index = (int)(number - segments[0].Number);
            if (ClockMaxMsBefore(segments[index + 1]) < clockMsMin)
            {
                break;
            }

            isComplete &= TryFind(segments[index], key, positions);
        }

        return isComplete;

        long NewestUpTo(long number) =>
            eventTimeMs == 0 ? number : _left.NewestThatMayHold(eventTimeMs, number);
    }

    /// <summary>The segment before which an event of this time is looked up in id files; null: nowhere.</summary>
    private Segment? EndFor(long eventTimeMs) => eventTimeMs == 0 ? _missed?.End : _first;

    /// <summary>The earliest time by our clock at which an event of this time can have been appended.</summary>
    private long ClockMsMin(long eventTimeMs) => eventTimeMs == 0 ? WindowMsMin : eventTimeMs - ClockSkewMsMax;

    private bool TryFind(Segment segment, ulong key, List<long> positions)
    {
        var state = mending.StateOf(segment.Number);
        if (state != IdFileState.Usable)
        {
            return state == IdFileState.GivenUp;
        }

        if (ids.TryFind(segment, key, positions))
        {
            return true;
        }

        if (segment.Number < publication.Current.Segments[0].Number)
        {
            return true; // Retention deleted it meanwhile.
        }

        mending.Request(segment);
        return false;
    }

    /// <summary>
    /// The highest clock of everything before a segment; more than any if its header cannot be read.
    /// </summary>
    private static long ClockMaxMsBefore(Segment segment)
    {
        try
        {
            return segment.Header.ClockMaxMs;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return long.MaxValue;
        }
    }

    /// <summary>The segment that the window begins with, and how many ids it has with it.</summary>
    private (int First, int IdCount) FindFirst(Segment[] segments)
    {
        var first = segments.Length - 1;
        var count = ids.Count(segments[first]);
        while (first > 0 && !IsTooOld(segments[first]))
        {
            var before = TryCount(segments[first - 1]);
            if (count + before > options.DedupeIdsMax)
            {
                break;
            }

            count += before;
            first--;
        }

        return (first, count);
    }

    private int TryCount(Segment segment)
    {
        try
        {
            return ids.Count(segment);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return 0;
        }
    }

    private IdEntry[]? TryLoad(Segment segment)
    {
        try
        {
            return ids.Load(segment);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            if (segment.Number >= publication.Current.Segments[0].Number)
            {
                LetMend(segment, exception);
            }

            return null;
        }
    }

    /// <summary>A disk that fails may work later; what is damaged stays so.</summary>
    private void LetMend(Segment segment, Exception exception)
    {
        if (exception is IOException)
        {
            mending.Request(segment);
        }
        else
        {
            mending.GiveUp(segment, exception.Message);
        }
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or LogDamagedException;

    /// <summary>True if everything before this segment is known to be older than the window.</summary>
    private bool IsTooOld(Segment segment) => ClockMaxMsBefore(segment) < WindowMsMin;

    private long WindowMsMin => NowMs - (long)options.DedupeAgeMax.TotalMilliseconds;

    private long NowMs => clock.HasSettled ? clock.NowMs : Math.Min(clock.NowMs, startMs);
}
