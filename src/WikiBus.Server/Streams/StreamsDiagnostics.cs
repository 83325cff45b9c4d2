namespace WikiBus.Server.Streams;

/// <summary>Log messages about the stream configuration.</summary>
internal static partial class StreamsDiagnostics
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The stream configuration was read: {Count} streams are named")]
    public static partial void Loaded(ILogger logger, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The stream configuration cannot be read, what was read before stays in force: {Fault}")]
    public static partial void Unreadable(ILogger logger, string fault);

    [LoggerMessage(3, LogLevel.Error,
        "Reading the stream configuration again failed unexpectedly, what was read before stays in force")]
    public static partial void ReloadFailed(ILogger logger, Exception exception);
}
