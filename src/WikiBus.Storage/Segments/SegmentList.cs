using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>The segments of a directory.</summary>
internal static class SegmentList
{
    /// <summary>Ordered by number, each linked to the next. Reads only names.</summary>
    public static Segment[] Find(IFileSystem files, string directory)
    {
        var segments = new List<Segment>();
        foreach (var name in files.ListFiles(directory))
        {
            if (SegmentName.TryParse(name, out var number, out var firstPosition))
            {
                segments.Add(new Segment(files, directory, number, firstPosition));
            }
        }

        segments.Sort((left, right) => left.Number.CompareTo(right.Number));
        for (var index = 1; index < segments.Count; index++)
        {
            segments[index - 1].Successor = segments[index];
        }

        return [.. segments];
    }

    /// <summary>Says which segment is missing; null: none.</summary>
    public static string? FindGap(Segment[] segments)
    {
        for (var index = 1; index < segments.Length; index++)
        {
            var (before, after) = (segments[index - 1], segments[index]);
            if (after.Number != before.Number + 1 || after.FirstPosition < before.FirstPosition)
            {
                return $"Segment {before.Number + 1} is missing in {before.Directory}: {before.Name} is followed by "
                    + $"{after.Name}. Bring the file back from a backup. Without one, 'wikibus log repair' lets the "
                    + "log continue with a hole.";
            }
        }

        return null;
    }

    /// <summary>The message for a last segment that has a seal.</summary>
    public static string LastIsMissing(long lastNumber, string lastPath) =>
        $"Segment {lastNumber + 1} is missing in {Path.GetDirectoryName(lastPath)}: {Path.GetFileName(lastPath)} says "
        + "that it was in use. Bring the file back from a backup. Without one, 'wikibus log repair' lets the log "
        + "continue after the segments that exist.";

    /// <summary>The message for a last segment that ends before its index does.</summary>
    public static string EndIsMissing(string lastPath, long endOffset, long indexEndOffset) =>
        $"{lastPath} ends at byte {endOffset}, and its index says that it had frames up to byte {indexEndOffset}. "
        + "Bring the file back from a backup. Without one, 'wikibus log repair' lets the log continue after the "
        + "frames that exist.";

    /// <summary>The message for a directory that lost all of its segments; null: it never had one.</summary>
    public static string? FindLoss(IFileSystem files, string directory) =>
        files.ListFiles(directory).FirstOrDefault(static name => SegmentName.TryParseCompanion(name, out _)) is { } name
            ? $"All segments are missing in {directory}, and {name} says that there were some. Bring them back from a "
                + "backup; or, to begin a new log, move what is left out of the directory."
            : null;

    /// <summary>The streams as they were before a segment.</summary>
    /// <exception cref="LogDamagedException">The segment's first frame is damaged.</exception>
    public static Dictionary<string, StreamTail> ReadStreamsBefore(SegmentFile segment)
    {
        var scanner = new FrameScanner(
            segment.File, SegmentHeader.Length, segment.File.Length, segment.Header.Salt);
        if (!scanner.Next() || scanner.Frame.Kind != FrameKind.StreamTable)
        {
            throw new LogDamagedException(
                $"{segment.Segment.FilePath} is damaged at byte {SegmentHeader.Length}: its stream table is missing.");
        }

        var streams = new Dictionary<string, StreamTail>(StringComparer.Ordinal);
        foreach (var record in scanner.Records)
        {
            var (stream, tail) = StreamTableFrame.Read(record.Span);
            streams[stream] = tail;
        }

        return streams;
    }
}
