namespace WikiBus.Server.Hosting;

/// <summary>Log messages of the process.</summary>
internal static partial class HostingDiagnostics
{
    [LoggerMessage(1, LogLevel.Information,
        "The log in {Directory} holds positions {First} to {End} in {Streams} streams")]
    public static partial void LogOpened(ILogger logger, string directory, long first, long end, int streams);

    [LoggerMessage(2, LogLevel.Information, "Stopping: no new requests, streams end within {Seconds} s")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(3, LogLevel.Information, "Stopped; the log is closed")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(4, LogLevel.Error, "The request {Method} {Target} failed unexpectedly")]
    public static partial void RequestFailed(ILogger logger, string method, string target, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "The log could not be closed; it is recovered at the next start")]
    public static partial void CloseFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "The log needs attention: {Message}")]
    public static partial void LogFailed(ILogger logger, string message);

    [LoggerMessage(7, LogLevel.Warning, "The log: {Message}")]
    public static partial void LogWarned(ILogger logger, string message);

    [LoggerMessage(8, LogLevel.Information, "The log: {Message}")]
    public static partial void LogInformed(ILogger logger, string message);

    [LoggerMessage(9, LogLevel.Warning,
        "At most {InForce} connections are taken, not {Wanted} (Hosting:ConnectionsMax), and {OfAddress} of one "
        + "address: the system lets this process open {Limit} files. Raise that by LimitNOFILE (systemd) or "
        + "'ulimit -n', so that few addresses cannot take all connections")]
    public static partial void ConnectionsLowered(
        ILogger logger, int inForce, int wanted, int ofAddress, int limit);
}
