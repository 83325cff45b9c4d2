using WikiBus.Storage.Frames;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>
/// Repairs a log:
/// 1. every damaged segment is written again: the same number, the stream table, its intact records at their positions;
/// 2. the damaged file is kept as <c>….damaged</c>, and the new one takes its name;
/// 3. the next segment's header gets the new end of this one;
/// 4. the last segment's header gets a new log id: positions that were served may be gone.
/// A missing file cannot be made again: only a backup helps. If it is the last segment, the log continues after the
/// segments that exist, and how much is lost is unknown.
/// </summary>
internal sealed class LogMender(IFileSystem files, string directory)
{
    private const int FrameBytesMax = 1 << 20;

    private readonly List<string> _damagedFiles = [];
    private readonly Dictionary<string, StreamTail> _streams = new(StringComparer.Ordinal);
    private long _clockMaxMs;
    private long _lost;
    private bool _isLossUnknown;

    public LogRepair Run(IReadOnlyList<LogDamage> damage)
    {
        var segments = SegmentList.Find(files, directory);
        if (SegmentList.FindGap(segments) is { } gap)
        {
            throw new LogDamagedException($"{gap} A repair cannot make it again.");
        }

        if (segments.Length == 0)
        {
            throw new LogDamagedException(
                SegmentList.FindLoss(files, directory) ?? $"There is no segment in {directory}.");
        }

        var damagedFiles = damage.Select(item => item.File).ToHashSet(StringComparer.Ordinal);
        var known = segments.Select(HeaderOf).FirstOrDefault(header => header is not null)
            ?? throw new LogDamagedException($"No segment in {directory} has an intact header.");
        var isFirst = true;
        long? newEnd = null;
        foreach (var segment in segments)
        {
            var header = HeaderOf(segment);
            if (damagedFiles.Contains(segment.FilePath))
            {
                newEnd = Rewrite(segment, header ?? known, isFirst, newEnd);
            }
            else
            {
                ReadTable(segment);
                Follow(segment);
                var changed = header! with { PredecessorEnd = newEnd ?? header!.PredecessorEnd };
                RewriteHeader(segment, changed, newEnd is not null);
                newEnd = null;
            }

            isFirst = false;
        }

        return Finish(damage, segments[^1]);
    }

    private LogRepair Finish(IReadOnlyList<LogDamage> damage, Segment last)
    {
        var header = HeaderOf(last)!;
        if (damage.Count > 0)
        {
            header = header with { LogId = Guid.NewGuid() };
            RewriteHeader(last, header, isChanged: true);
        }

        return new LogRepair(damage, _isLossUnknown ? null : _lost, _damagedFiles, header.LogId.ToString("N"));
    }

    /// <summary>Returns where the new file's frames end.</summary>
    private long Rewrite(Segment segment, SegmentHeader like, bool isFirst, long? predecessorEnd)
    {
        var kept = HeaderOf(segment);
        ReadTable(segment);
        var header = like with
        {
            Number = segment.Number,
            FirstPosition = segment.FirstPosition,
            PredecessorEnd = isFirst ? 0 : predecessorEnd ?? kept?.PredecessorEnd ?? LengthOf(segment.Number - 1),
            Salt = SegmentSalt.New(),
            ClockMaxMs = kept?.ClockMaxMs ?? _clockMaxMs,
        };
        var path = Path.Combine(directory, SegmentName.OfNew("repaired"));
        files.Delete(path);
        long end;
        using (var file = files.Open(path, StorageFileMode.CreateNew))
        {
            end = Copy(segment, header, file);
        }

        var keptAs = segment.FilePath + ".damaged";
        files.Rename(segment.FilePath, keptAs);
        files.Rename(path, segment.FilePath);
        files.Delete(Path.Combine(directory, SegmentName.OfIndex(segment.Number)));
        files.Delete(Path.Combine(directory, SegmentName.OfIds(segment.Number)));
        files.FlushDirectory(directory, "names after a repair");
        _damagedFiles.Add(keptAs);
        return end;
    }

    private long Copy(Segment segment, SegmentHeader header, IStorageFile file)
    {
        var bytes = new byte[SegmentHeader.Length];
        header.Write(bytes);
        file.Write(0, bytes);
        var writer = new SegmentWriter(file, header, SegmentHeader.Length, SegmentWriter.NewPages());
        var frame = new FrameBuffer(FrameBytesMax);
        foreach (var (stream, tail) in _streams)
        {
            StreamTableFrame.Add(frame, stream, tail);
        }

        writer.Append(frame, FrameKind.StreamTable, header.FirstPosition);
        var next = header.FirstPosition;
        var end = segment.Successor?.FirstPosition
            ?? SegmentInspection.ReadIndex(files, segment)?.EndPosition
            ?? next;
        var hasFrames = false;
        var first = next;
        frame.Clear();
        foreach (var inspected in new SegmentInspection(files, segment).Frames())
        {
            end = Math.Max(end, inspected.EndPosition);
            hasFrames = true;
            _isLossUnknown |= inspected.Header.Kind == FrameKind.Seal;
            foreach (var record in SegmentInspection.RecordsOf(inspected))
            {
                // The positions of a frame have no holes: behind one a new frame begins.
                if (frame.RecordCount > 0 && (record.Position > next || IsFull(frame)))
                {
                    writer.Append(frame, FrameKind.Records, first);
                    frame.Clear();
                }

                _lost += record.Position - next;
                next = record.Position + 1;
                first = frame.RecordCount == 0 ? record.Position : first;
                record.Content.CopyTo(frame.BeginRecord(record.Content.Length));
                frame.EndRecord();
                Follow(record);
            }
        }

        if (frame.RecordCount > 0)
        {
            writer.Append(frame, FrameKind.Records, first);
        }

        _lost += Math.Max(0, end - next);
        _isLossUnknown |= !hasFrames && segment.Successor is null && end == header.FirstPosition;
        if (segment.Successor is { } successor)
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
    private void ReadTable(Segment segment)
    {
        foreach (var frame in new SegmentInspection(files, segment).Frames())
        {
            if (frame.Header.Kind == FrameKind.StreamTable)
            {
                foreach (var bytes in frame.Records)
                {
                    var (stream, tail) = StreamTableFrame.Read(bytes.Span);
                    _streams[stream] = tail;
                }
            }

            return;
        }
    }

    private void Follow(Segment segment)
    {
        foreach (var record in new SegmentInspection(files, segment).Records())
        {
            Follow(record);
        }
    }

    private void Follow(RecordView record)
    {
        _streams[record.StreamText] = new StreamTail(record.Offset + 1, record.TimeMs, record.Position);
        _clockMaxMs = Math.Max(_clockMaxMs, record.TimeMs);
    }

    private void RewriteHeader(Segment segment, SegmentHeader header, bool isChanged)
    {
        if (!isChanged)
        {
            return;
        }

        using var file = files.Open(segment.FilePath, StorageFileMode.ReadWrite);
        var bytes = new byte[SegmentHeader.Length];
        header.Write(bytes);
        file.Write(0, bytes);
        file.Flush("repaired header");
    }

    private long LengthOf(long number)
    {
        var segment = SegmentList.Find(files, directory).First(candidate => candidate.Number == number);
        var end = (long)SegmentHeader.Length;
        foreach (var frame in new SegmentInspection(files, segment).Frames())
        {
            end = frame.Header.EndOffset;
        }

        return end;
    }

    private SegmentHeader? HeaderOf(Segment segment)
    {
        using var file = files.Open(segment.FilePath, StorageFileMode.Read);
        return SegmentHeader.TryRead(file, out var header) switch
        {
            SegmentHeaderStatus.Valid => header,
            SegmentHeaderStatus.Older => throw new LogDamagedException(SegmentHeader.TooOld(segment.FilePath)),
            SegmentHeaderStatus.Newer => throw new LogDamagedException(SegmentHeader.TooNew(segment.FilePath)),
            _ => null,
        };
    }
}
