using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>
/// Walks a file of one segment beyond its damage: it finds the next intact frame behind every damaged region, and
/// passes over frames whose positions belong to other segments.
/// </summary>
internal sealed class SegmentInspection(IFileSystem files, SegmentSlot slot, FoundFile found)
{
    private readonly List<LogDamage> _damage = [];
    private bool _isSealed;
    private bool _hasLostEnd;
    private bool _hasOtherVersion;
    private long _endPosition;
    private long _endOffset;

    private bool IsLast => slot.Successor is null;

    /// <summary>The damaged regions that the last walk met.</summary>
    public IReadOnlyList<LogDamage> Damage => _damage;

    /// <summary>What the last walk found.</summary>
    public SegmentFindings Findings =>
        new(_damage.Count > 0, _isSealed, _hasLostEnd, _hasOtherVersion, _endPosition, _endOffset);

    /// <summary>The damaged regions. Walks the segment.</summary>
    public IReadOnlyList<LogDamage> Check()
    {
        foreach (var _ in Frames())
        {
            // The walk notes the damage.
        }

        return _damage;
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

    /// <summary>
    /// All frames in order, also those of which only records are damaged. Notes damage on the way.
    /// </summary>
    public IEnumerable<InspectedFrame> Frames()
    {
        Begin();
        using var file = files.Open(found.Path, StorageFileMode.Read);
        NoteHeader(file);
        if (found.Salt is not { } salt)
        {
            _hasLostEnd = IsLast;
            yield break;
        }

        var knownEnd = FindKnownEnd();
        var end = knownEnd ?? file.Length;
        if (end <= SegmentHeader.Length)
        {
            // A segment gets its name only when its first frame is durable.
            Note(end, end, "The segment has no frame.");
            _hasLostEnd = IsLast;
            yield break;
        }

        for (var offset = (long)SegmentHeader.Length; offset < end;)
        {
            var scanner = new FrameScanner(file, offset, end, salt);
            while (scanner.Next())
            {
                NotePadding(scanner);
                if (Take(scanner.Frame))
                {
                    yield return new InspectedFrame(scanner.Frame, RecordsAt(scanner));
                }
            }

            if (_isSealed && !IsLast)
            {
                break;
            }

            var isDamage = Resume(file, scanner, end, salt, out offset);
            if (isDamage && scanner.DamagedFrame is { } damaged && Take(damaged))
            {
                yield return new InspectedFrame(damaged, scanner.CopyIntactRecords());
            }
        }

        CheckSeal(file, knownEnd, salt);
        CheckIndex(salt);
    }

    /// <summary>The intact records of a frame; none if it is of another kind.</summary>
    private static IEnumerable<RecordView> RecordsOf(InspectedFrame frame)
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

    private void Begin()
    {
        _damage.Clear();
        (_isSealed, _hasLostEnd, _hasOtherVersion) = (false, false, false);
        (_endPosition, _endOffset) = (slot.FirstPosition, SegmentHeader.Length);
    }

    private void NoteHeader(IStorageFile file)
    {
        switch (found.Status)
        {
            case SegmentHeaderStatus.Valid:
                return;
            case SegmentHeaderStatus.Older:
                Note(0, SegmentHeader.Length, SegmentHeader.TooOld(found.Path));
                return;
            case SegmentHeaderStatus.Newer:
                Note(0, SegmentHeader.Length, SegmentHeader.TooNew(found.Path));
                return;
            default:
                Note(0, SegmentHeader.Length, file.Length == 0
                    ? "The file is empty."
                    : "The segment's header is damaged.");
                return;
        }
    }

    /// <summary>
    /// Where the segment's frames end, as the next segment's header says; null: nothing says it.
    /// </summary>
    private long? FindKnownEnd() =>
        slot.Successor?.File?.Header is { } next ? Math.Max(next.PredecessorEnd, SegmentHeader.Length) : null;

    /// <summary>False: the frame does not belong to the segment, or to what was acknowledged.</summary>
    private bool Take(FrameHeader frame)
    {
        if (frame.Kind == FrameKind.Seal)
        {
            _isSealed = true;
            if (IsLast)
            {
                _hasLostEnd = true;
                Note(frame.FileOffset, frame.EndOffset, SegmentList.LastIsMissing(slot.Number, slot.Path));
            }

            return false;
        }

        var end = frame.FirstPosition + (frame.Kind == FrameKind.Records ? frame.RecordCount : 0);
        if (frame.FirstPosition < slot.FirstPosition || end > slot.PositionMax)
        {
            Note(frame.FileOffset, frame.EndOffset, "The positions of a frame are of another segment.");
            return false;
        }

        _endPosition = Math.Max(_endPosition, end);
        _endOffset = frame.EndOffset;
        return true;
    }

    private void NotePadding(FrameScanner scanner)
    {
        if (!scanner.IsPaddingClean)
        {
            Note(scanner.Frame.EndOffset - FrameHeader.Alignment, scanner.Frame.EndOffset,
                "The padding of a frame is not zero.");
        }
    }

    /// <summary>
    /// The seal follows the end that the successor's header names. If the process stopped before it wrote the seal,
    /// zeros or nothing follow, and the successor has no record.
    /// </summary>
    private void CheckSeal(IStorageFile file, long? knownEnd, ulong salt)
    {
        if (IsLast || _isSealed)
        {
            return;
        }

        var end = knownEnd ?? _endOffset;
        _isSealed = SegmentSeal.IsAt(file, end, salt);
        if (_isSealed)
        {
            return;
        }

        var sealEnd = Math.Min(end + FrameHeader.FixedLength, file.Length);
        if (FrameSearch.FindEndOfData(file, end, sealEnd) > end)
        {
            Note(end, sealEnd, "The seal of the segment is damaged.");
        }
        else if (slot.Successor is { File: { Fault: null } next } successor
            && new SegmentInspection(files, successor, next).Records().Any())
        {
            Note(end, end, "The seal of the segment is missing.");
        }
    }

    /// <summary>An index file is of frames that were durable, so it shows which of them the segment has lost.</summary>
    private void CheckIndex(ulong salt)
    {
        if (IsLast
            && SegmentIndexFile.TryRead(files, Path.GetDirectoryName(found.Path)!, slot.Number, salt) is { } index
            && index.EndOffset > _endOffset)
        {
            _hasLostEnd = true;
            Note(_endOffset, index.EndOffset, SegmentList.EndIsMissing(found.Path, _endOffset, index.EndOffset));
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> RecordsAt(FrameScanner scanner)
    {
        foreach (var record in scanner.Records)
        {
            yield return record;
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

        _hasOtherVersion |= scanner.Status == FrameStatus.OtherVersion;
        var searchEnd = Math.Min(end, file.Length);
        var after = FrameSearch.FindHeader(file, scanner.Offset + FrameHeader.Alignment, searchEnd, salt);
        if (after >= 0)
        {
            Note(scanner.Offset, after, "No intact frame is here, and intact ones follow.");
            next = after;
            return true;
        }

        var dataEnd = FrameSearch.FindEndOfData(file, scanner.Offset, searchEnd);
        if (!IsLast)
        {
            // Without the successor's header, zeros here may be space that was prepared and never used.
            if (FindKnownEnd() is not null || dataEnd > scanner.Offset)
            {
                Note(scanner.Offset, end, "No intact frame is here, and the segment continues.");
            }

            return true;
        }

        if (dataEnd > scanner.Offset || scanner.Offset == SegmentHeader.Length)
        {
            _hasLostEnd = true;
            _damage.Add(new LogDamage(
                found.Path, scanner.Offset, dataEnd,
                "The last frame is unfinished (a write that was interrupted) or damaged.",
                IsTear: scanner.Offset > SegmentHeader.Length));
        }

        return false;
    }

    private void Note(long from, long to, string what) =>
        _damage.Add(new LogDamage(found.Path, from, to, what));
}
