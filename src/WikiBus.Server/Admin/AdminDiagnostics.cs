namespace WikiBus.Server.Admin;

/// <summary>Log messages of the administration.</summary>
internal static partial class AdminDiagnostics
{
    [LoggerMessage(1, LogLevel.Error, "A metric could not be observed and is missing from the others")]
    public static partial void NotObserved(ILogger logger, Exception exception);
}
