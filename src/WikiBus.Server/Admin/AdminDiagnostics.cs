namespace WikiBus.Server.Admin;

/// <summary>What the administration says about itself.</summary>
internal static partial class AdminDiagnostics
{
    [LoggerMessage(1, LogLevel.Error, "A metric could not be observed and is missing from the others")]
    public static partial void NotObserved(ILogger logger, Exception exception);
}
