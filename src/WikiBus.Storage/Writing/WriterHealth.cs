using System.Globalization;

namespace WikiBus.Storage.Writing;

/// <summary>Whether the writer can write, and why not. Changed by the writer's thread, read by any.</summary>
internal sealed class WriterHealth(IFileSystem files, string directory, EventLogOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_spaceAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>Low space is reported at most once in this time: it may come and go with every request.</summary>
    private static readonly TimeSpan s_spaceNoticeInterval = TimeSpan.FromMinutes(1);

    private long _freeBytes = long.MaxValue;
    private long _spaceTimestamp;
    private bool _isSpaceKnown;
    private long _spaceNoticeTimestamp;
    private volatile string? _reason;

    /// <summary>A write or flush failed; a new segment is needed before the next one.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>What a failure left behind could not be cut: only a restart helps.</summary>
    public bool IsStopped { get; private set; }

    public bool IsWritable => _reason is null;

    public string Reason => _reason ?? "";

    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    /// <summary>Asks for the free space at most once a second.</summary>
    public bool HasSpace()
    {
        if (!_isSpaceKnown || time.GetElapsedTime(_spaceTimestamp) >= s_spaceAgeMax)
        {
            LookAtSpace(bytesNeeded: 0);
        }

        return FreeBytes >= options.FreeBytesMin;
    }

    /// <summary>
    /// True if the free space has room for the bytes beside the reserve. Asks the system each time: in a second a
    /// writer fills more than the reserve. Those few microseconds are small beside the flush of a growing file.
    /// </summary>
    public bool HasSpaceFor(long bytes)
    {
        if (bytes == 0)
        {
            return true;
        }

        LookAtSpace(bytes);
        return FreeBytes - bytes >= options.FreeBytesMin;
    }

    public void Failed(IOException exception)
    {
        if (!IsFailed)
        {
            options.OnNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Error,
                $"Writing the log failed; appends are refused until it works again. {exception.Message}"));
        }

        IsFailed = true;
        _reason = $"Writing failed: {exception.Message}";
    }

    public void Stopped(Exception exception)
    {
        IsStopped = true;
        _reason = $"The log is stopped until a restart: a failure could not be mended. {exception.Message}";
        options.OnNotice?.Invoke(new LogNotice(LogNoticeSeverity.Error, _reason));
    }

    public void Recovered()
    {
        IsFailed = false;
        _reason = null;
        options.OnNotice?.Invoke(new LogNotice(LogNoticeSeverity.Information, "The log takes records again."));
    }

    private void LookAtSpace(long bytesNeeded)
    {
        try
        {
            Interlocked.Exchange(ref _freeBytes, files.FreeBytes(directory));
        }
        catch (IOException)
        {
            // Unknown space is not a reason to refuse: the write shows whether there is room.
            Interlocked.Exchange(ref _freeBytes, long.MaxValue);
        }

        _spaceTimestamp = time.GetTimestamp();
        _isSpaceKnown = true;
        if (FreeBytes - bytesNeeded < options.FreeBytesMin)
        {
            _reason = string.Create(CultureInfo.InvariantCulture,
                $"Disk space is low: {FreeBytes} bytes are free, {options.FreeBytesMin} are kept.");
            if (_spaceNoticeTimestamp == 0 || time.GetElapsedTime(_spaceNoticeTimestamp) >= s_spaceNoticeInterval)
            {
                _spaceNoticeTimestamp = _spaceTimestamp;
                options.OnNotice?.Invoke(new LogNotice(
                    LogNoticeSeverity.Error, $"Appends are refused until there is space again. {_reason}"));
            }
        }
        else if (!IsFailed && !IsStopped)
        {
            _reason = null;
        }
    }
}
