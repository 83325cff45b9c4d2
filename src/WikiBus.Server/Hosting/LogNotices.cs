using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>
/// Passes the log's notices for operators to the logging. The log opens before the logging, so its first notices wait.
/// </summary>
internal sealed class LogNotices
{
    private readonly Lock _lock = new();
    private readonly List<LogNotice> _waiting = [];
    private ILogger? _logger;

    /// <summary>Called by the log, from any thread.</summary>
    public void Take(LogNotice notice)
    {
        lock (_lock)
        {
            if (_logger is null)
            {
                _waiting.Add(notice);
                return;
            }
        }

        Write(_logger, notice);
    }

    public void SendTo(ILogger logger)
    {
        lock (_lock)
        {
            _logger = logger;
            _waiting.ForEach(notice => Write(logger, notice));
            _waiting.Clear();
        }
    }

    private static void Write(ILogger logger, LogNotice notice)
    {
        switch (notice.Severity)
        {
            case LogNoticeSeverity.Error:
                HostingDiagnostics.LogFailed(logger, notice.Message);
                break;
            case LogNoticeSeverity.Warning:
                HostingDiagnostics.LogWarned(logger, notice.Message);
                break;
            default:
                HostingDiagnostics.LogInformed(logger, notice.Message);
                break;
        }
    }
}
