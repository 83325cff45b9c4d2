using System.Globalization;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>Whether the writer can write, and why not. Changed by the writer's thread, read by any.</summary>
/// <param name="files">Where the log is.</param>
/// <param name="directory">The log's directory.</param>
/// <param name="findSegmentFault">Says why what is written to the last segment would be lost; null: it would not.
/// </param>
/// <param name="reservations">Space that is about to be used.</param>
/// <param name="options">The log's settings.</param>
/// <param name="time">The clock.</param>
internal sealed class WriterHealth(
    IFileSystem files,
    LogDirectory directory,
    Func<string?> findSegmentFault,
    SpaceReservations reservations,
    EventLogOptions options,
    TimeProvider time)
{
    /// <summary>A step of the writer that takes longer means that the disk does not answer.</summary>
    public static readonly TimeSpan StepTimeMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_lookAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>Low space is reported at most once in this time: it may come and go with every request.</summary>
    private static readonly TimeSpan s_noticeInterval = TimeSpan.FromMinutes(1);

    private const long Unknown = -1;

    private long _freeBytes = Unknown;
    private bool _isDirectoryOurs;
    private string? _segmentFault;
    private long _reserved;

    /// <summary>When the writer looked at the disk last; 0: it has not yet.</summary>
    private long _lookTimestamp;
    private long _noticeTimestamp;

    /// <summary>When the step began in which the writer is now; 0: it waits for requests.</summary>
    private long _stepTimestamp;
    private volatile string? _reason;

    /// <summary>A write or flush failed; a new segment is needed before the next one.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>What a failure left behind could not be cut: only a restart helps.</summary>
    public bool IsStopped { get; private set; }

    public string Reason => _reason ?? "";

    /// <summary>Why no records are taken, at this moment; null: they are. Never waits for the disk.</summary>
    public string? Fault => _reason ?? (IsStuck ? StuckReason : null);

    /// <summary>Null if the system does not say, or was not asked yet.</summary>
    public long? FreeBytes => Interlocked.Read(ref _freeBytes) is var bytes && bytes == Unknown ? null : bytes;

    private static string StuckReason => string.Create(CultureInfo.InvariantCulture,
        $"The disk does not answer: the writer has waited for it for more than {StepTimeMax.TotalSeconds} s.");

    private bool IsStuck => Volatile.Read(ref _stepTimestamp) is var began and not 0
        && time.GetElapsedTime(began) > StepTimeMax;

    /// <summary>The writer begins a step, in which it may wait for the disk.</summary>
    public void BeginStep() => Volatile.Write(ref _stepTimestamp, time.GetTimestamp());

    public void EndStep() => Volatile.Write(ref _stepTimestamp, 0);

    /// <summary>
    /// True if the log's directory and last segment are there, with more space than the reserve. Looks at most once a
    /// second.
    /// </summary>
    public bool HasSpace()
    {
        if (_lookTimestamp == 0 || time.GetElapsedTime(_lookTimestamp) >= s_lookAgeMax)
        {
            Look(reserved: 0);
        }

        return FaultOfSpace(reserved: 0) is null;
    }

    /// <summary>
    /// True if the free space has room for the bytes beside the reserve; then they are reserved until
    /// <see cref="SpaceUsed"/>. Asks the system each time: in a second a writer fills more than the reserve. Those few
    /// microseconds are small beside the flush of a growing file.
    /// </summary>
    public bool TryReserveSpace(long bytes)
    {
        if (bytes == 0)
        {
            return true;
        }

        _reserved = bytes;
        reservations.Add(bytes);
        var reserved = reservations.Bytes;
        Look(reserved);
        return FaultOfSpace(reserved) is null;
    }

    /// <summary>The reserved bytes are written, or will not be.</summary>
    public void SpaceUsed()
    {
        reservations.Remove(_reserved);
        _reserved = 0;
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

    private void Look(long reserved)
    {
        _isDirectoryOurs = directory.IsOurs();
        _segmentFault = findSegmentFault();
        Interlocked.Exchange(ref _freeBytes, AskForFreeBytes());
        _lookTimestamp = time.GetTimestamp();
        if (FaultOfSpace(reserved) is { } fault)
        {
            _reason = fault;
            if (_noticeTimestamp == 0 || time.GetElapsedTime(_noticeTimestamp) >= s_noticeInterval)
            {
                _noticeTimestamp = _lookTimestamp;
                options.OnNotice?.Invoke(new LogNotice(
                    LogNoticeSeverity.Error, $"Appends are refused until this has changed. {fault}"));
            }
        }
        else if (!IsFailed && !IsStopped)
        {
            _reason = null;
        }
    }

    private long AskForFreeBytes()
    {
        try
        {
            return files.FreeBytes(directory.Path);
        }
        catch (IOException)
        {
            return Unknown;
        }
    }

    /// <summary>Why the log's directory has no room for this number of bytes; null: it has.</summary>
    private string? FaultOfSpace(long reserved) => this switch
    {
        { _isDirectoryOurs: false } => directory.Fault,
        { _segmentFault: { } fault } => fault,
        { FreeBytes: null } => $"The free space of {directory.Path} is unknown: the system does not say it.",
        { FreeBytes: { } free } when free - reserved < options.FreeBytesMin => string.Create(
            CultureInfo.InvariantCulture,
            $"Disk space is low: {free} bytes are free, {options.FreeBytesMin} are kept."),
        _ => null,
    };
}
