namespace WikiBus.Storage.Segments;

/// <summary>
/// The directory of an open log, and whether its path still leads to it. If not, files that are changed by their path
/// may be those of another log. Safe for concurrent use.
/// </summary>
internal sealed class LogPlace(IFileSystem files, string directory)
{
    // Null: the system does not tell identities, so the path is trusted.
    private readonly UInt128? _identity = files.Identify(directory);

    public string Directory => directory;

    /// <summary>The message if the path leads elsewhere.</summary>
    public string Fault => $"{directory} is not the directory that this log opened: it was deleted, moved or replaced.";

    public bool IsOurs()
    {
        try
        {
            return _identity is null || files.Identify(directory) == _identity;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
