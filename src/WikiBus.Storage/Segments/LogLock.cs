namespace WikiBus.Storage.Segments;

/// <summary>
/// Keeps a second process out of a log's directory, until disposed. There are two locks. The one on the directory
/// itself stays when somebody deletes files. The lock file is for file systems that cannot lock directories.
/// </summary>
internal sealed class LogLock : IDisposable
{
    private readonly IDisposable? _directory;
    private readonly IDisposable _file;

    /// <exception cref="IOException">Another process holds the log, or the directory cannot be used.</exception>
    public LogLock(IFileSystem files, string directory, Action<LogNotice>? onNotice = null)
    {
        _directory = files.TryLockDirectory(directory);
        try
        {
            _file = files.Lock(Path.Combine(directory, SegmentName.Lock));
        }
        catch
        {
            _directory?.Dispose();
            throw;
        }

        if (_directory is null)
        {
            onNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning,
                $"The file system cannot lock the directory {directory}. Only the file '{SegmentName.Lock}' in it "
                + "keeps other processes out: never delete that file."));
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _directory?.Dispose();
    }
}
