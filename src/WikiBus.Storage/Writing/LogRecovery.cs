using WikiBus.Storage.Files;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Brings the log back at start. It looks at the last segment, the seal of the one before, and the headers of all:
/// 1. files that never came into use are deleted;
/// 2. the segments are listed by their names; a gap is damage, and so is a file of another log;
/// 3. the index that a graceful stop wrote for the last segment is read, and the frames behind it are walked; a seal
/// behind them shows that a segment is missing;
/// 4. what follows the last intact frame is judged: nothing, a tear (cut), or damage (the log refuses to open);
/// 5. the index no longer says that the log ends there;
/// 6. the last frame is written again, the segment and the directory are flushed: what a killed process had written
/// must be durable before anyone sees it;
/// 7. the segment before gets its seal if the process was stopped before it wrote it.
/// </summary>
internal sealed class LogRecovery(IFileSystem files, string directory, IdStore ids, Action<LogNotice>? onNotice)
{
    public RecoveredLog Run(SegmentFactory factory)
    {
        var segments = SegmentList.Find(files, directory);
        if (segments.Length == 0 && SegmentList.FindLoss(files, directory) is { } loss)
        {
            throw new LogDamagedException(loss);
        }

        DeleteLeftovers(segments);
        if (segments.Length == 0)
        {
            return CreateFirst(factory);
        }

        var gap = SegmentList.FindGap(segments);
        if (gap is not null)
        {
            throw new LogDamagedException(gap);
        }

        RefuseOtherLogs(segments);
        return Recover(segments, factory);
    }

    private RecoveredLog Recover(Segment[] segments, SegmentFactory factory)
    {
        using var last = segments[^1].Open();
        var (contents, scanner, lastKind) = Walk(last);
        if (lastKind == FrameKind.Seal)
        {
            throw new LogDamagedException(SegmentList.LastIsMissing(segments[^1].Number, segments[^1].FilePath));
        }

        var tail = SegmentTail.Examine(last.File, scanner, last.Header.Salt, lastKind == FrameKind.EndMark);
        RefuseDamage(segments[^1], tail);
        ClearLogEnd(segments[^1], contents.Index);
        var file = files.Open(segments[^1].FilePath, StorageFileMode.ReadWrite);
        try
        {
            Settle(file, segments[^1], tail, scanner.Frame);
            if (segments.Length > 1 && contents.Index.EndPosition == last.Header.FirstPosition)
            {
                // A segment gets its first record after the one before it got its seal: this one has no record yet.
                WriteSeal(segments[^2]);
            }

            return new RecoveredLog(
                new LogSnapshot(segments, contents.Index.EndPosition, tail.From),
                new SegmentWriter(
                    file, new OpenedPath(files, segments[^1].FilePath), last.Header, tail.From, factory.Pages),
                contents,
                ReadStreams(last, contents));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void RefuseOtherLogs(Segment[] segments)
    {
        var headers = segments.Select(segment => (segment.FilePath, Header: TryReadHeader(segment.FilePath)));
        var foreign = LogOrigin.FindForeign(headers, static file => file.Header)
            ?? throw new LogDamagedException(LogOrigin.Mixed(directory));
        if (foreign.Count > 0)
        {
            throw new LogDamagedException(
                $"{foreign[0].FilePath} is of another log than the other segments. {LogDamagedException.WhatToDo}");
        }
    }

    /// <summary>Null if the header is not intact, which the readers of the segment report.</summary>
    private SegmentHeader? TryReadHeader(string path)
    {
        try
        {
            using var file = files.Open(path, StorageFileMode.Read);
            SegmentHeader.TryRead(file, out var header);
            return header;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private (SegmentContents Contents, FrameScanner Scanner, FrameKind? LastKind) Walk(SegmentFile last)
    {
        var checkpoint = ids.TryReadCheckpoint(last.Segment);
        if (checkpoint?.Index.EndOffset is { } endOffset && endOffset > last.File.Length)
        {
            throw new LogDamagedException(SegmentList.EndIsMissing(last.Segment.FilePath, last.File.Length, endOffset));
        }

        var contents = checkpoint ?? new SegmentContents(last.Header);
        var start = checkpoint?.Index.EndOffset ?? SegmentHeader.Length;
        var scanner = new FrameScanner(last.File, start, last.File.Length, last.Header.Salt);
        // A checkpoint of the last segment is written behind an end mark.
        var lastKind = contents.Walk(scanner) ?? (checkpoint is null ? null : FrameKind.EndMark);
        return (contents, scanner, lastKind);
    }

    private static void RefuseDamage(Segment segment, SegmentTail tail)
    {
        if (tail.Status == SegmentTailStatus.OtherVersion)
        {
            throw new LogDamagedException(
                $"{segment.FilePath} holds a frame of another format version than {FrameHeader.Version} "
                + $"at byte {tail.From}. Open it with the program that wrote it.");
        }

        if (tail.From == SegmentHeader.Length)
        {
            // A segment gets its name after its first frame was flushed: without that frame it is damaged, not torn.
            throw new LogDamagedException(
                $"{segment.FilePath} is damaged from byte {tail.From} on: its first frame is missing. "
                + LogDamagedException.WhatToDo);
        }

        if (tail.Status == SegmentTailStatus.Damaged)
        {
            throw new LogDamagedException(
                $"{segment.FilePath} is damaged at bytes {tail.From} to {tail.To}; intact frames follow, so this is "
                + $"not an unfinished write, and nothing is cut. {LogDamagedException.WhatToDo}");
        }
    }

    /// <summary>
    /// Only the index of a graceful stop may say where the log ends: a repair trusts it if the segment is lost.
    /// </summary>
    private void ClearLogEnd(Segment segment, SegmentIndex index)
    {
        index.IsLogEnd = false;
        SegmentIndexFile.ClearLogEnd(
            files, Path.Combine(directory, SegmentName.OfIndex(segment.Number)), flushPurpose: "recovered tail");
    }

    private void Settle(IStorageFile file, Segment segment, SegmentTail tail, FrameHeader lastFrame)
    {
        if (tail.Status == SegmentTailStatus.Torn)
        {
            onNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Error,
                $"{segment.FilePath}: bytes {tail.From} to {tail.To} were cut. The process or the machine "
                + "stopped before they were durable, and they were never acknowledged; damage of the last "
                + "acknowledged frames would look the same."));
            file.SetLength(tail.From);
        }

        WriteAgain(file, lastFrame);
        file.Flush("recovered tail");
        files.FlushDirectory(directory, "names at recovery");
    }

    /// <summary>
    /// The last frame may be one whose flush failed before the process was killed: the system then takes its pages for
    /// clean and would not write them at the next flush.
    /// </summary>
    private static void WriteAgain(IStorageFile file, FrameHeader frame)
    {
        if (frame.FileOffset == 0)
        {
            return; // None was walked: a graceful stop had flushed everything.
        }

        var bytes = new byte[frame.EndOffset - frame.FileOffset];
        file.Read(frame.FileOffset, bytes);
        file.Write(frame.FileOffset, bytes);
    }

    private void WriteSeal(Segment segment)
    {
        try
        {
            using var file = files.Open(segment.FilePath, StorageFileMode.ReadWrite);
            SegmentSeal.Write(file, segment.Header, segment.EndOffset, segment.EndPosition);
        }
        catch (LogDamagedException)
        {
            // Its header is damaged, which its readers report. A seal needs the header's salt.
        }
    }

    private static StreamTable ReadStreams(SegmentFile last, SegmentContents contents)
    {
        var streams = new StreamTable();
        foreach (var (stream, tail) in ReadStreamsBefore(last))
        {
            streams.Restore(stream, tail);
        }

        foreach (var (stream, list) in contents.Index.Streams)
        {
            streams.Restore(stream, new StreamTail(list.LastOffset + 1, list.LastTimeMs, list.LastPosition));
        }

        return streams;
    }

    private static Dictionary<string, StreamTail> ReadStreamsBefore(SegmentFile last)
    {
        try
        {
            return SegmentList.ReadStreamsBefore(last);
        }
        catch (LogDamagedException exception)
        {
            throw new LogDamagedException($"{exception.Message} {LogDamagedException.WhatToDo}");
        }
    }

    private RecoveredLog CreateFirst(SegmentFactory factory)
    {
        var header = new SegmentHeader
        {
            LogId = Guid.NewGuid(),
            Number = 1,
            FirstPosition = 0,
            PredecessorEnd = 0,
            Salt = SegmentSalt.New(),
            IdentitySeed = SegmentSalt.New(),
        };
        FlushParent();
        var writer = factory.Create(header, new FrameBuffer(0), FrameKind.StreamTable);
        return new RecoveredLog(
            new LogSnapshot([new Segment(files, directory, header)], 0, writer.EndOffset),
            writer,
            new SegmentContents(header),
            new StreamTable());
    }

    /// <summary>The log's own directory may be new: its name must be as durable as what it holds.</summary>
    private void FlushParent()
    {
        if (Path.GetDirectoryName(directory) is { } parent)
        {
            files.FlushDirectory(parent, "name of the log's directory");
        }
    }

    private void DeleteLeftovers(Segment[] segments)
    {
        var numbers = segments.Select(segment => segment.Number).ToHashSet();
        foreach (var name in files.ListFiles(directory))
        {
            if (name.EndsWith(SegmentName.NewExtension, StringComparison.Ordinal)
                || (SegmentName.TryParseCompanion(name, out var number) && !numbers.Contains(number)))
            {
                files.Delete(Path.Combine(directory, name));
            }
        }
    }
}
