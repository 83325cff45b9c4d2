namespace WikiBus.Server.Dream.Settings;

/// <summary>
/// Messages about sets, notices of their changes, links with other services, and the wiki's API. No key or cookie is in
/// them, and no URI of a destination but those of links.
/// </summary>
internal static partial class DreamDiagnostics
{
    [LoggerMessage(1, LogLevel.Information,
        "Subscription set {Location} with {Count} destinations was created by {Caller}")]
    public static partial void Created(ILogger logger, string location, int count, string caller);

    [LoggerMessage(2, LogLevel.Information,
        "Subscription set {Location} of {Owner} was replaced, and has {Count} destinations")]
    public static partial void Replaced(ILogger logger, string location, string owner, int count);

    [LoggerMessage(3, LogLevel.Information, "Subscription set {Location} of {Owner} was deleted")]
    public static partial void Deleted(ILogger logger, string location, string owner);

    [LoggerMessage(6, LogLevel.Information,
        "Destination {Number} of subscription set {Location} is no URL that the key {Owner} may target, so nothing is "
        + "sent there")]
    public static partial void Blocked(ILogger logger, string location, int number, string owner);

    [LoggerMessage(4, LogLevel.Warning,
        "Deliveries of subscription set {Location} differed from the set after the last stop, and agree again")]
    public static partial void Agreed(ILogger logger, string location);

    [LoggerMessage(5, LogLevel.Error,
        "Deliveries of subscription sets could not be compared with the sets at the start: {Message}")]
    public static partial void NotAgreed(ILogger logger, string message);

    [LoggerMessage(11, LogLevel.Error, "The combined set could not be sent for the set {Location}")]
    public static partial void NoticeFailed(ILogger logger, Exception exception, string location);

    [LoggerMessage(18, LogLevel.Information,
        "A destination of the set {Location} did not take the combined set, and is tried again: {Fault}")]
    public static partial void NoticeNotTaken(ILogger logger, string location, string fault);

    [LoggerMessage(22, LogLevel.Warning,
        "The upstream service of the set {Location} did not take the combined set, so it sends nothing for what "
        + "changed. It is tried again: {Fault}")]
    public static partial void UpstreamNotTaken(ILogger logger, string location, string fault);

    [LoggerMessage(12, LogLevel.Information, "Linked with {Service}: the set {Location} was registered there")]
    public static partial void Linked(ILogger logger, string service, string location);

    [LoggerMessage(13, LogLevel.Warning, "No link with {Service} yet, it is tried again: {Fault}")]
    public static partial void NotLinked(ILogger logger, string service, string fault);

    [LoggerMessage(14, LogLevel.Error, "The link with {Service} failed unexpectedly, and is tried again")]
    public static partial void LinkFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(15, LogLevel.Information,
        "The set {Location} was deleted: the configuration does not name its service any more")]
    public static partial void Unlinked(ILogger logger, string location);

    [LoggerMessage(19, LogLevel.Warning,
        "The configuration does not name the service of the set {Location}, which could not be deleted; the next "
        + "start tries it again: {Message}")]
    public static partial void NotUnlinked(ILogger logger, string location, string message);

    [LoggerMessage(20, LogLevel.Warning,
        "The set {Set} of this service is not needed any more, and was not deleted there; delete it, or that service "
        + "goes on sending events: {Fault}")]
    public static partial void NotUnlinkedThere(ILogger logger, string set, string fault);

    [LoggerMessage(21, LogLevel.Warning,
        "The wiki's API refuses site/settings with {Status}, so no instance key is known. Is Dream:Deki:ApiUri right?")]
    public static partial void DekiRefuses(ILogger logger, int status);

    [LoggerMessage(16, LogLevel.Warning,
        "The wiki's API (Dream:Deki:ApiUri) does not answer, so events that need it wait: {Fault}")]
    public static partial void DekiFails(ILogger logger, string fault);

    [LoggerMessage(17, LogLevel.Information, "The wiki's API answers again")]
    public static partial void DekiAnswers(ILogger logger);
}
