using WikiBus.Storage.Files;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>
/// Repairs a log:
/// 1. renamed files get their names back. Copies that are in the way of a name are set aside as <c>….damaged</c>;
/// 2. every damaged segment is written again: the same number, the stream table, its intact records at their positions.
/// A missing segment is written without records;
/// 3. if anything is lost by that, the last segment's header gets a new log id: positions that were served are gone;
/// 4. the damaged file is set aside, and the new one takes its place. Until then both have a segment's name;
/// 5. the next segment's header gets the new end of this one;
/// 6. the copies are set aside, of which step 2 has used the intact records.
/// After an interruption at any place, another repair continues: what a step loses is still damage before it.
/// </summary>
internal sealed class LogMender(IFileSystem files, string directory)
{
    private const int FrameBytesMax = 1 << 20;

    private readonly List<string> _setAside = [];
    private readonly Dictionary<string, StreamTail> _streams = new(StringComparer.Ordinal);
    private readonly LossCount _loss = new();
    private long _clockMaxMs;
    private Guid _logId;
    private bool _isLogIdNew;

    /// <summary>Where the frames of the segment before end; null: there is none.</summary>
    private long? _endBefore;

    public LogRepair Run()
    {
        var layout = LogLayout.Find(files, directory);
        var damage = layout.Check(files);
        Refuse(layout);
        var slots = layout.Slots;
        var like = slots.Select(static slot => slot.File?.Header).LastOrDefault(static header => header is not null)
            ?? NewHeader();
        _isLogIdNew = slots[^1].File?.Header is null;
        _logId = _isLogIdNew ? Guid.NewGuid() : like.LogId;
        if (damage.Count > 0)
        {
            var inTheWay = layout.Strays.FindAll(stray => slots.Exists(slot => IsInTheWay(stray, slot)));
            SetAside(inTheWay);
            PutNamesRight(slots);
            foreach (var slot in slots)
            {
                Mend(slot, slots[^1], like);
            }

            DeleteIndexesBehind(slots[^1].Number);
            SetAside(layout.Strays.Except(inTheWay));
            files.FlushDirectory(directory, "names after a repair");
        }

        if (_loss.Max != 0)
        {
            RenewLogId(slots[^1].Path);
        }

        return new LogRepair(damage, _loss.Max, _setAside, _logId.ToString("N"));
    }

    private bool IsInTheWay(FoundFile stray, SegmentSlot slot) =>
        stray.Path == slot.Path || stray.Path == MovedPath(slot);

    private string MovedPath(SegmentSlot slot) =>
        Path.Combine(directory, SegmentName.OfMoved(slot.Number, slot.FirstPosition));

    /// <summary>Gives the log a new id, once. Segments that are written again later get it, too.</summary>
    /// <param name="path">The last segment.</param>
    private void RenewLogId(string path)
    {
        if (_isLogIdNew)
        {
            return;
        }

        (_logId, _isLogIdNew) = (Guid.NewGuid(), true);
        RewriteHeader(path, header => header with { LogId = _logId });
    }

    private void Refuse(LogLayout layout)
    {
        if (layout.Slots.Count == 0)
        {
            throw new LogDamagedException(
                SegmentList.FindLoss(files, directory) ?? $"There is no segment in {directory}.");
        }

        foreach (var file in layout.Files)
        {
            var reason = file switch
            {
                { Status: SegmentHeaderStatus.Older } => SegmentHeader.TooOld(file.Path),
                { Status: SegmentHeaderStatus.Newer } => SegmentHeader.TooNew(file.Path),
                { Fault: { } fault } => $"{file.Path} cannot be read, and a repair would lose it: {fault}",
                _ => null,
            };
            if (reason is not null)
            {
                throw new LogDamagedException(reason);
            }
        }

        if (layout.Slots.Find(static slot => slot.Findings.HasOtherVersion) is { } other)
        {
            throw new LogDamagedException(
                $"{other.File!.Path} holds a frame of another format version than {FrameHeader.Version}. "
                + "Open it with the program that wrote it.");
        }

        if (layout.Conflict is { } conflict)
        {
            throw new LogDamagedException(conflict);
        }
    }

    private void SetAside(IEnumerable<FoundFile> found)
    {
        foreach (var file in found)
        {
            var path = $"{file.Path}.damaged";
            for (var number = 2; files.FileExists(path); number++)
            {
                path = $"{file.Path}.{number}.damaged";
            }

            files.Rename(file.Path, path);
            file.Path = path;
            _setAside.Add(path);
        }
    }

    /// <summary>
    /// Two files may have each other's name. So each gets a name first that no segment has, and that another repair
    /// reads as a segment's name.
    /// </summary>
    private void PutNamesRight(List<SegmentSlot> slots)
    {
        var misnamed = slots.FindAll(static slot => slot.IsMisnamed);
        foreach (var slot in misnamed)
        {
            Move(slot, MovedPath(slot));
        }

        foreach (var slot in misnamed)
        {
            Move(slot, slot.Path);
        }

        files.FlushDirectory(directory, "names after a repair");
    }

    private void Move(SegmentSlot slot, string path)
    {
        if (slot.File!.Path != path)
        {
            files.Rename(slot.File.Path, path);
            slot.File.Path = path;
        }
    }

    private void Mend(SegmentSlot slot, SegmentSlot last, SegmentHeader like)
    {
        // A rewritten segment loses its index file, which may be all that shows where the log ended.
        var endPosition = slot.Findings.HasLostEnd ? FindEndPosition(slot) : slot.Findings.EndPosition;
        _loss.Begin(slot);
        ReadTable(slot);
        var isNew = slot.File is null || slot.Findings.IsDamaged;
        if (isNew)
        {
            var path = Rewrite(slot, like);
            _loss.End(slot, isDamaged: true, endPosition);
            if (_loss.HasLostBehind(slot))
            {
                RenewLogId(slot == last ? path : last.File!.Path);
            }

            Replace(slot, path);
        }
        else
        {
            foreach (var record in new SegmentInspection(files, slot, slot.File!).Records())
            {
                _loss.Keep(record.Position);
                Follow(record);
            }

            if (_endBefore is { } end && end != slot.File!.Header!.PredecessorEnd)
            {
                RewriteHeader(slot.Path, header => header with { PredecessorEnd = end });
            }

            _endBefore = slot.Findings.EndOffset;
            _loss.End(slot, isDamaged: false, endPosition);
        }
    }

    /// <summary>Writes the segment again, and returns the new file's path.</summary>
    private string Rewrite(SegmentSlot slot, SegmentHeader like)
    {
        var kept = slot.File?.Header;
        var header = like with
        {
            LogId = _logId,
            Number = slot.Number,
            FirstPosition = slot.FirstPosition,
            PredecessorEnd = _endBefore ?? kept?.PredecessorEnd ?? 0,
            Salt = SegmentSalt.New(),
            ClockMaxMs = kept?.ClockMaxMs ?? _clockMaxMs,
        };
        var path = Path.Combine(directory, SegmentName.OfNew("repaired"));
        files.Delete(path);
        using var file = files.Open(path, StorageFileMode.CreateNew);
        _endBefore = Copy(slot, header, file, new OpenedPath(files, path));
        return path;
    }

    /// <summary>
    /// Puts the new file in the place of the damaged one. Before that it gets a segment's name, so that after an
    /// interruption another repair finds at least one of them.
    /// </summary>
    private void Replace(SegmentSlot slot, string path)
    {
        files.Rename(path, MovedPath(slot));
        files.FlushDirectory(directory, "names after a repair");
        if (slot.File is { } old)
        {
            SetAside([old]);
        }

        files.Rename(MovedPath(slot), slot.Path);
        files.Delete(Path.Combine(directory, SegmentName.OfIndex(slot.Number)));
        files.Delete(Path.Combine(directory, SegmentName.OfIds(slot.Number)));
        files.FlushDirectory(directory, "names after a repair");
    }

    /// <summary>Returns where the new file's frames end.</summary>
    private long Copy(SegmentSlot slot, SegmentHeader header, IStorageFile file, OpenedPath path)
    {
        var bytes = new byte[SegmentHeader.Length];
        header.Write(bytes);
        file.Write(0, bytes);
        var writer = new SegmentWriter(file, path, header, SegmentHeader.Length, SegmentWriter.NewPages());
        var frame = new FrameBuffer(FrameBytesMax);
        foreach (var (stream, tail) in _streams)
        {
            StreamTableFrame.Add(frame, stream, tail);
        }

        writer.Append(frame, FrameKind.StreamTable, header.FirstPosition);
        frame.Clear();
        var (first, next) = (header.FirstPosition, header.FirstPosition);
        var inspection = slot.File is { } source ? new SegmentInspection(files, slot, source) : null;
        foreach (var record in SlotRecords.Of(files, slot, inspection))
        {
            // The positions of a frame have no holes: behind one a new frame begins.
            if (frame.RecordCount > 0 && (record.Position > next || IsFull(frame)))
            {
                writer.Append(frame, FrameKind.Records, first);
                frame.Clear();
            }

            next = record.Position + 1;
            first = frame.RecordCount == 0 ? record.Position : first;
            record.Content.CopyTo(frame.BeginRecord(record.Content.Length));
            frame.EndRecord();
            _loss.Keep(record.Position, isDamaged: true);
            Follow(record);
        }

        if (frame.RecordCount > 0)
        {
            writer.Append(frame, FrameKind.Records, first);
        }

        if (slot.Successor is { } successor)
        {
            SegmentSeal.Write(file, header, writer.EndOffset, successor.FirstPosition);
        }

        return writer.EndOffset;
    }

    private static bool IsFull(FrameBuffer frame) =>
        frame.BodyLength >= FrameBytesMax || frame.RecordCount == FrameHeader.RecordCountMax;

    /// <summary>
    /// The streams as of before the segment; if its own table is damaged, as the segments before it left them.
    /// </summary>
    private void ReadTable(SegmentSlot slot)
    {
        foreach (var file in slot.Copies.Append(slot.File).OfType<FoundFile>())
        {
            foreach (var frame in new SegmentInspection(files, slot, file).Frames().Take(1))
            {
                if (frame.Header.Kind == FrameKind.StreamTable)
                {
                    ReadTable(frame);
                }
            }
        }
    }

    private void ReadTable(InspectedFrame frame)
    {
        foreach (var bytes in frame.Records)
        {
            var (stream, tail) = StreamTableFrame.Read(bytes.Span);
            _streams[stream] = tail;
            _clockMaxMs = Math.Max(_clockMaxMs, tail.LastTimeMs);
        }
    }

    private void Follow(RecordView record)
    {
        _streams[record.StreamText] = new StreamTail(record.Offset + 1, record.TimeMs, record.Position);
        _clockMaxMs = Math.Max(_clockMaxMs, record.TimeMs);
    }

    /// <summary>
    /// The position behind the last record that the log had, from the index file of a graceful stop; null: unknown.
    /// </summary>
    private long? FindEndPosition(SegmentSlot last)
    {
        long? end = null;
        foreach (var name in files.ListFiles(directory))
        {
            if (SegmentName.TryParseCompanion(name, out var number) && number >= last.Number
                && SegmentIndexFile.TryRead(files, directory, number, number == last.Number ? last.File?.Salt : null)
                    is { IsLogEnd: true } index)
            {
                end = Math.Max(end ?? last.Findings.EndPosition, index.EndPosition);
            }
        }

        return end;
    }

    /// <summary>They are of segments that are lost; the log gives their numbers again.</summary>
    private void DeleteIndexesBehind(long last)
    {
        foreach (var name in files.ListFiles(directory))
        {
            if (SegmentName.TryParseCompanion(name, out var number) && number > last)
            {
                files.Delete(Path.Combine(directory, name));
            }
        }
    }

    private void RewriteHeader(string path, Func<SegmentHeader, SegmentHeader> change)
    {
        using var file = files.Open(path, StorageFileMode.ReadWrite);
        SegmentHeader.TryRead(file, out var header);
        var bytes = new byte[SegmentHeader.Length];
        change(header!).Write(bytes);
        file.Write(0, bytes);
        file.Flush("repaired header");
    }

    /// <summary>
    /// No header is intact. Hashes with another seed recognise no repeats of the events before the repair.
    /// </summary>
    private static SegmentHeader NewHeader() => new()
    {
        LogId = Guid.NewGuid(),
        Number = 1,
        FirstPosition = 0,
        PredecessorEnd = 0,
        Salt = 0,
        IdentitySeed = SegmentSalt.New(),
    };
}
