namespace WikiBus.Server.State;

/// <summary>Log messages of the state database.</summary>
internal static partial class StateDiagnostics
{
    [LoggerMessage(1, LogLevel.Error, "The state cannot be written: {Message}")]
    public static partial void NotWritten(ILogger logger, string message);

    [LoggerMessage(2, LogLevel.Information, "The state is written again")]
    public static partial void WrittenAgain(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "A change of the state is only in the write-ahead log: {Message}")]
    public static partial void NotMoved(ILogger logger, string message);

    [LoggerMessage(4, LogLevel.Information, "{Path} was missing and has been created. It has no keys.")]
    public static partial void Created(ILogger logger, string path);
}
