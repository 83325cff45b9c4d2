using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Inspection;

/// <summary>Walks one segment beyond its damage: it finds the next intact frame behind every damaged region.</summary>
internal sealed class SegmentInspection(IFileSystem files, Segment segment)
{
    private readonly List<LogDamage> _damage = [];

    /// <summary>The damaged regions. Walks the segment.</summary>
    public IReadOnlyList<LogDamage> Check()
    {
        foreach (var _ in Frames())
        {
            // The walk notes the damage.
        }

        return _damage;
    }

    public LogSegmentSummary Describe()
    {
        long count = 0, firstMs = 0, lastMs = 0;
        var end = segment.FirstPosition;
        foreach (var record in Records())
        {
            firstMs = count == 0 ? record.TimeMs : firstMs;
            (lastMs, end) = (record.TimeMs, record.Position + 1);
            count++;
        }

        using var file = files.Open(segment.FilePath, StorageFileMode.Read);
        return new LogSegmentSummary(
            segment.FilePath, segment.Number, segment.FirstPosition, end, count, file.Length, firstMs, lastMs);
    }

    /// <summary>False if the receiver ended the dump.</summary>
    public bool Dump(long fromPosition, Func<LogRecord, bool> onRecord)
    {
        var names = new StreamTable();
        foreach (var record in Records())
        {
            if (record.Position >= fromPosition && !onRecord(record.ToRecord(names.NameOf(record.Stream))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The intact records in order.</summary>
    public IEnumerable<RecordView> Records()
    {
        foreach (var frame in Frames())
        {
            foreach (var record in RecordsOf(frame))
            {
                yield return record;
            }
        }
    }

    /// <summary>The intact records of a frame; none if it is of another kind.</summary>
    public static IEnumerable<RecordView> RecordsOf(InspectedFrame frame)
    {
        if (frame.Header.Kind != FrameKind.Records)
        {
            yield break;
        }

        foreach (var bytes in frame.Records)
        {
            if (new RecordView(bytes) is { IsWellFormed: true } record)
            {
                yield return record;
            }
        }
    }

    /// <summary>
    /// All frames in order, also those of which only records are damaged. Notes damage on the way.
    /// </summary>
    public IEnumerable<InspectedFrame> Frames()
    {
        _damage.Clear();
        using var file = files.Open(segment.FilePath, StorageFileMode.Read);
        if (FindSalt(file) is not { } salt)
        {
            yield break;
        }

        var end = FindEnd(file);
        if (end <= SegmentHeader.Length)
        {
            // A segment gets its name only when its first frame is durable.
            Note(end, end, "The segment has no frame.");
            yield break;
        }

        CheckSeal(file, end, salt);
        CheckIndex(file);
        for (var offset = (long)SegmentHeader.Length; offset < end;)
        {
            var scanner = new FrameScanner(file, offset, end, salt);
            while (scanner.Next())
            {
                if (!scanner.IsPaddingClean)
                {
                    Note(scanner.Frame.EndOffset - FrameHeader.Alignment, scanner.Frame.EndOffset,
                        "The padding of a frame is not zero.");
                }

                if (scanner.Frame.Kind == FrameKind.Seal && !segment.HasSuccessor)
                {
                    Note(scanner.Frame.FileOffset, scanner.Frame.EndOffset, SegmentList.LastIsMissing(segment));
                }

                yield return new InspectedFrame(scanner.Frame, RecordsAt(scanner));
            }

            var isDamage = Resume(file, scanner, end, salt, out offset);
            if (isDamage && scanner.DamagedFrame is { } damaged)
            {
                yield return new InspectedFrame(damaged, scanner.CopyIntactRecords());
            }
        }
    }

    /// <summary>The segment's index file; null: no file can be used.</summary>
    public static SegmentIndex? ReadIndex(IFileSystem files, Segment segment)
    {
        using var file = files.Open(segment.FilePath, StorageFileMode.Read);
        return SegmentHeader.TryRead(file, out var header) == SegmentHeaderStatus.Valid
            && header!.Number == segment.Number
            ? SegmentIndexFile.TryRead(files, segment.Directory, header)
            : null;
    }

    /// <summary>
    /// The seal follows the end that the successor's header names. If the process stopped before it wrote the seal,
    /// zeros or nothing follow, and the successor has no record.
    /// </summary>
    private void CheckSeal(IStorageFile file, long end, ulong salt)
    {
        if (segment.Successor is not { } successor || SegmentSeal.IsAt(file, end, salt))
        {
            return;
        }

        var sealEnd = Math.Min(end + FrameHeader.FixedLength, file.Length);
        if (FrameSearch.FindEndOfData(file, end, sealEnd) > end)
        {
            Note(end, sealEnd, "The seal of the segment is damaged.");
        }
        else if (new SegmentInspection(files, successor).Records().Any())
        {
            Note(end, end, "The seal of the segment is missing.");
        }
    }

    /// <summary>An index file is of frames that were durable, so it shows which of them the segment has lost.</summary>
    private void CheckIndex(IStorageFile file)
    {
        if (!segment.HasSuccessor && ReadIndex(files, segment) is { } index && index.EndOffset > file.Length)
        {
            Note(file.Length, index.EndOffset, SegmentList.EndIsMissing(segment, file.Length, index.EndOffset));
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> RecordsAt(FrameScanner scanner)
    {
        foreach (var record in scanner.Records)
        {
            yield return record;
        }
    }

    /// <summary>The segment's salt: its header's, or, if that is damaged, the first frame's that is found.</summary>
    private ulong? FindSalt(IStorageFile file)
    {
        switch (SegmentHeader.TryRead(file, out var header))
        {
            case SegmentHeaderStatus.Valid when header!.Number == segment.Number:
                return header.Salt;
            case SegmentHeaderStatus.Older:
                Note(0, SegmentHeader.Length, SegmentHeader.TooOld(segment.FilePath));
                return null;
            case SegmentHeaderStatus.Newer:
                Note(0, SegmentHeader.Length, SegmentHeader.TooNew(segment.FilePath));
                return null;
            default:
                Note(0, SegmentHeader.Length, "The segment's header is damaged.");
                return FrameSearch.FindSalt(file, SegmentHeader.Length, file.Length);
        }
    }

    /// <summary>Where the segment's frames end; the end of the file if that is unknown.</summary>
    private long FindEnd(IStorageFile file)
    {
        try
        {
            return segment.HasSuccessor ? Math.Max(segment.EndOffset, SegmentHeader.Length) : file.Length;
        }
        catch (LogDamagedException)
        {
            return file.Length;
        }
    }

    /// <summary>
    /// Notes what the scanner stopped at, and finds the next intact frame header, or the end. True if what it stopped
    /// at had been durable; false at the end, or at a write that may not have been finished.
    /// </summary>
    private bool Resume(IStorageFile file, FrameScanner scanner, long end, ulong salt, out long next)
    {
        next = end;
        if (scanner.Offset >= end)
        {
            return false;
        }

        var searchEnd = Math.Min(end, file.Length);
        var found = FrameSearch.FindHeader(file, scanner.Offset + FrameHeader.Alignment, searchEnd, salt);
        if (found >= 0)
        {
            Note(scanner.Offset, found, "No intact frame is here, and intact ones follow.");
            next = found;
            return true;
        }

        if (segment.HasSuccessor)
        {
            Note(scanner.Offset, end, "No intact frame is here, and the segment continues.");
            return true;
        }

        var dataEnd = FrameSearch.FindEndOfData(file, scanner.Offset, searchEnd);
        if (dataEnd > scanner.Offset || scanner.Offset == SegmentHeader.Length)
        {
            _damage.Add(new LogDamage(
                segment.FilePath, scanner.Offset, dataEnd,
                "The last frame is unfinished (a write that was interrupted) or damaged.",
                IsTear: scanner.Offset > SegmentHeader.Length));
        }

        return false;
    }

    private void Note(long from, long to, string what) =>
        _damage.Add(new LogDamage(segment.FilePath, from, to, what));
}
