using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>Walks one segment over its damage: what is intact is found again behind every damaged region.</summary>
internal sealed class SegmentInspection(IFileSystem files, Segment segment)
{
    private readonly List<LogDamage> _damage = [];

    /// <summary>The damaged regions. Walks the segment.</summary>
    public IReadOnlyList<LogDamage> Check()
    {
        foreach (var _ in Frames())
        {
            // Walking is what finds them.
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

    /// <summary>False when the receiver wants no more.</summary>
    public bool Dump(long fromPosition, Func<LogRecord, bool> onRecord)
    {
        var names = new StreamNames();
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
        foreach (var scanner in Frames())
        {
            if (scanner.Frame.Kind != FrameKind.Records)
            {
                continue;
            }

            foreach (var bytes in scanner.Records)
            {
                if (new RecordView(bytes) is { IsWellFormed: true } record)
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>A scanner that stands at one intact frame after the other; damage on the way is noted.</summary>
    public IEnumerable<FrameScanner> Frames()
    {
        _damage.Clear();
        using var file = files.Open(segment.FilePath, StorageFileMode.Read);
        if (FindSalt(file) is not { } salt)
        {
            yield break;
        }

        var end = FindEnd(file);
        for (var offset = (long)SegmentHeader.Length; offset < end;)
        {
            var scanner = new FrameScanner(file, offset, end, salt);
            while (scanner.Next())
            {
                if (!scanner.IsPaddingClean)
                {
                    Note(scanner.Frame.EndOffset - FrameHeader.Alignment, scanner.Frame.EndOffset,
                        "The bytes that fill up a frame are not zero.");
                }

                yield return scanner;
            }

            offset = Resume(file, scanner, end, salt);
        }
    }

    /// <summary>The segment's salt: its header's, or, if that is damaged, the first frame's that is found.</summary>
    private ulong? FindSalt(IStorageFile file)
    {
        var bytes = new byte[SegmentHeader.Length];
        var length = file.Read(0, bytes);
        switch (SegmentHeader.TryRead(bytes.AsSpan(0, length), out var header))
        {
            case SegmentHeaderStatus.Valid when header!.Number == segment.Number:
                return header.Salt;
            case SegmentHeaderStatus.Newer:
                Note(0, SegmentHeader.Length, "The segment is of a newer format version.");
                return null;
            default:
                Note(0, SegmentHeader.Length, "The segment's header is damaged.");
                return FrameSearch.FindSalt(file, SegmentHeader.Length, file.Length);
        }
    }

    /// <summary>Where the segment's frames end; the end of the file where nothing tells.</summary>
    private long FindEnd(IStorageFile file)
    {
        try
        {
            return segment.IsSealed ? Math.Max(segment.EndOffset, SegmentHeader.Length) : file.Length;
        }
        catch (LogDamagedException)
        {
            return file.Length;
        }
    }

    /// <summary>Notes what the scanner stopped at; returns where the next intact frame is, or the end.</summary>
    private long Resume(IStorageFile file, FrameScanner scanner, long end, ulong salt)
    {
        if (scanner.Offset >= end)
        {
            return end;
        }

        var searchEnd = Math.Min(end, file.Length);
        var next = FrameSearch.FindHeader(file, scanner.Offset + FrameHeader.Alignment, searchEnd, salt);
        if (next >= 0 && (segment.IsSealed || FrameSearch.FindWitness(file, scanner.Offset, searchEnd, salt) >= 0))
        {
            Note(scanner.Offset, next, "No intact frame is here, and intact ones follow.");
            return next;
        }

        var dataEnd = FrameSearch.FindEndOfData(file, scanner.Offset, searchEnd);
        if (segment.IsSealed)
        {
            Note(scanner.Offset, end, "No intact frame is here, and the segment goes on.");
        }
        else if (dataEnd > scanner.Offset || scanner.Offset == SegmentHeader.Length)
        {
            _damage.Add(new LogDamage(
                segment.FilePath, scanner.Offset, dataEnd,
                "The last frames are unfinished (writes that were interrupted) or damaged.",
                IsTear: scanner.Offset > SegmentHeader.Length));
        }

        return end;
    }

    private void Note(long from, long to, string what) =>
        _damage.Add(new LogDamage(segment.FilePath, from, to, what));
}
