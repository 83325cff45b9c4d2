using System.Globalization;
using WikiBus.Storage.Files;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Deletes the oldest segments, by age and size; never the one that grows. A segment is hidden from readers before its
/// file is deleted; those that are reading it may finish. Each deletion is durable before the next one, so that a power
/// loss never leaves a gap. Runs on one thread at a time.
/// </summary>
internal sealed class Retention(
    IFileSystem files,
    string directory,
    LogPublication publication,
    IndexStore indexes,
    IdStore ids,
    EventLogOptions options,
    CautiousClock clock)
{
    /// <summary>Segments that no reader sees any more and whose files could not be deleted yet.</summary>
    private readonly Queue<Segment> _gone = new();

    /// <summary>
    /// Segments too damaged to find their age; kept, so that each is read only once.
    /// </summary>
    private readonly HashSet<long> _unreadable = [];

    public void Run()
    {
        var segments = publication.Current.Segments;
        var count = Math.Max(CountTooOld(segments), CountTooLarge(segments));
        for (var index = 0; index < count; index++)
        {
            publication.RemoveFirst();
            _gone.Enqueue(segments[index]);
        }

        while (_gone.TryPeek(out var segment))
        {
            files.Delete(segment.FilePath);
            files.FlushDirectory(directory, "deleted segment");
            _gone.Dequeue();
            _unreadable.Remove(segment.Number);
            indexes.Delete(segment.Number);
            ids.Delete(segment.Number);
        }

        if (count > 0)
        {
            var first = publication.Current.FirstPosition;
            options.OnNotice?.Invoke(new LogNotice(LogNoticeSeverity.Information, string.Create(
                CultureInfo.InvariantCulture,
                $"{count} segments went by retention; position {first} is the first now.")));
        }
    }

    /// <summary>
    /// Segments up to the newest one that is too old. A time in the future (the clock was wrong then) does not count: a
    /// segment with only such times, or an empty or unreadable one, is deleted with the next one that is too old. Our
    /// clock may be wrong, too: nothing is too old until it has been the same for some minutes.
    /// </summary>
    private int CountTooOld(Segment[] segments)
    {
        // The clock is read each time: it must see each jump.
        var nowMs = clock.NowMs;
        if (options.RetentionAgeMax is not { } ageMax || !clock.HasSettled)
        {
            return 0;
        }

        var oldestMs = nowMs - (long)ageMax.TotalMilliseconds;
        var count = 0;
        for (var index = 0; index < segments.Length - 1; index++)
        {
            if (TryGetLastTime(segments[index], nowMs) is not { } lastMs)
            {
                continue;
            }

            if (lastMs >= oldestMs)
            {
                break;
            }

            count = index + 1;
        }

        return count;
    }

    /// <summary>The latest time in a segment that is not in the future; null if that is unknown.</summary>
    private long? TryGetLastTime(Segment segment, long nowMs)
    {
        if (_unreadable.Contains(segment.Number))
        {
            return null;
        }

        try
        {
            var times = TimesOf(indexes.Get(segment), segment.Header).Where(timeMs => timeMs <= nowMs).ToList();
            return times.Count == 0 ? null : times.Max();
        }
        catch (LogDamagedException exception)
        {
            _unreadable.Add(segment.Number);
            options.OnNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning, $"The age of a segment is unknown. {exception.Message}"));
            return null;
        }
    }

    /// <summary>
    /// All times that the index has, since the last one alone may be wrong: the first and last of each stream, and the
    /// highest clock if that is of this segment.
    /// </summary>
    private static IEnumerable<long> TimesOf(SegmentIndex index, SegmentHeader header)
    {
        foreach (var list in index.Streams.Values)
        {
            yield return list.FirstTimeMs;
            yield return list.LastTimeMs;
        }

        if (index.ClockMaxMs > header.ClockMaxMs)
        {
            yield return index.ClockMaxMs;
        }
    }

    private int CountTooLarge(Segment[] segments)
    {
        if (options.RetentionBytesMax is not { } bytesMax)
        {
            return 0;
        }

        var bytes = publication.Current.EndOffset;
        for (var index = segments.Length - 2; index >= 0; index--)
        {
            bytes += segments[index].EndOffset;
            if (bytes > bytesMax)
            {
                return index + 1;
            }
        }

        return 0;
    }
}
