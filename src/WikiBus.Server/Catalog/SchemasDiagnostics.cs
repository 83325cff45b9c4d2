namespace WikiBus.Server.Catalog;

/// <summary>What is said about schemas.</summary>
internal static partial class SchemasDiagnostics
{
    [LoggerMessage(1, LogLevel.Warning, "A schema could not be read: {Failure}")]
    public static partial void Unreadable(ILogger logger, string failure);
}
