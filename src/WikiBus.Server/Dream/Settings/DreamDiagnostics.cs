namespace WikiBus.Server.Dream.Settings;

/// <summary>Messages about links with other services and notices to them. No key or cookie is in them.</summary>
internal static partial class DreamDiagnostics
{
    [LoggerMessage(11, LogLevel.Error, "The combined set could not be sent for the set {Location}")]
    public static partial void NoticeFailed(ILogger logger, Exception exception, string location);

    [LoggerMessage(12, LogLevel.Information, "Linked with {Service}: the set {Location} was registered there")]
    public static partial void Linked(ILogger logger, string service, string location);

    [LoggerMessage(13, LogLevel.Warning, "No link with {Service} yet, it is tried again: {Fault}")]
    public static partial void NotLinked(ILogger logger, string service, string fault);

    [LoggerMessage(14, LogLevel.Error, "The link with {Service} failed unexpectedly, and is tried again")]
    public static partial void LinkFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(15, LogLevel.Information,
        "The set {Location} was deleted: the configuration does not name its service any more")]
    public static partial void Unlinked(ILogger logger, string location);

    [LoggerMessage(16, LogLevel.Warning,
        "The wiki's API (Dream:Deki:ApiUri) does not answer, so events that need it wait: {Fault}")]
    public static partial void DekiFails(ILogger logger, string fault);

    [LoggerMessage(17, LogLevel.Information, "The wiki's API answers again")]
    public static partial void DekiAnswers(ILogger logger);
}
