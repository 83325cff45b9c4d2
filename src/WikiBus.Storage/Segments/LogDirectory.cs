using WikiBus.Storage.Files;

namespace WikiBus.Storage.Segments;

/// <summary>
/// The directory of an open log, and whether its path still leads to it. If not, files that are changed by their path
/// may be those of another log. Safe for concurrent use.
/// </summary>
internal sealed class LogDirectory(IFileSystem files, string path)
{
    private readonly OpenedPath _path = new(files, path);

    public string Path => path;

    /// <summary>The message if the path leads elsewhere.</summary>
    public string Fault => $"{path} is not the directory that this log opened: it was deleted, moved or replaced.";

    public bool IsOurs() => _path.IsOurs();
}
