namespace WikiBus.Server.Schemas;

/// <summary>Log messages about schemas.</summary>
internal static partial class SchemasDiagnostics
{
    [LoggerMessage(1, LogLevel.Warning, "A schema could not be read: {Failure}")]
    public static partial void Unreadable(ILogger logger, string failure);
}
