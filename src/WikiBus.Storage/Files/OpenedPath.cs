namespace WikiBus.Storage.Files;

/// <summary>
/// The path of a file or directory that the log has open, and whether it still leads there. Safe for concurrent use.
/// </summary>
internal sealed class OpenedPath(IFileSystem files, string path)
{
    // Null: the system does not tell identities, so the path is trusted.
    private readonly UInt128? _identity = files.Identify(path);

    public string Path => path;

    public bool IsOurs()
    {
        try
        {
            return _identity is null || files.Identify(path) == _identity;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
