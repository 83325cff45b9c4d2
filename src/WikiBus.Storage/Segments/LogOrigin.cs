namespace WikiBus.Storage.Segments;

/// <summary>
/// Tells the files of a log from those of another log, which may have fitting names and positions. The log is the one
/// with the most files. The seed in a header shows the log: unlike the log id, a repair keeps it.
/// </summary>
internal static class LogOrigin
{
    /// <summary>The files that are of other logs; null if no log has the most.</summary>
    /// <param name="files">All files.</param>
    /// <param name="headerOf">A file's header; null if it is not intact: then nothing shows its log.</param>
    public static List<T>? FindForeign<T>(IEnumerable<T> files, Func<T, SegmentHeader?> headerOf)
    {
        var logs = files.Where(file => headerOf(file) is not null)
            .GroupBy(file => headerOf(file)!.IdentitySeed, static (_, ofLog) => ofLog.ToList())
            .OrderByDescending(static ofLog => ofLog.Count)
            .ToList();
        return logs is [var first, var second, ..] && first.Count == second.Count
            ? null
            : [.. logs.Skip(1).SelectMany(static ofLog => ofLog)];
    }

    /// <summary>The message if no log has the most files.</summary>
    public static string Mixed(string directory) =>
        $"The segments in {directory} are of several logs, and none of these has the most. Move the files that belong "
        + "to another log out of the directory.";
}
