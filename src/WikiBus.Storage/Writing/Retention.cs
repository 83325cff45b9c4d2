using System.Globalization;
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
    TimeProvider time)
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
    /// Segments up to the newest one that is too old. A time in the future (the clock was wrong then) does not count:
    /// such a segment, or an empty or unreadable one, is deleted with the next one that is too old.
    /// </summary>
    private int CountTooOld(Segment[] segments)
    {
        if (options.RetentionAgeMax is not { } ageMax)
        {
            return 0;
        }

        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var oldestMs = nowMs - (long)ageMax.TotalMilliseconds;
        var count = 0;
        for (var index = 0; index < segments.Length - 1; index++)
        {
            if (TryGetLastTime(segments[index]) is not { } lastMs || lastMs > nowMs)
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

    /// <summary>When the segment's last record was appended; null if that is unknown.</summary>
    private long? TryGetLastTime(Segment segment)
    {
        if (_unreadable.Contains(segment.Number))
        {
            return null;
        }

        try
        {
            var contents = indexes.Get(segment);
            return contents.RecordCount == 0 ? null : contents.LastTimeMs;
        }
        catch (LogDamagedException exception)
        {
            _unreadable.Add(segment.Number);
            options.OnNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning, $"The age of a segment is unknown. {exception.Message}"));
            return null;
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
