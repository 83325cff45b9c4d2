namespace WikiBus.Server.Dream.Settings;

/// <summary>Messages about subscription sets. No access key, URI or cookie is in them.</summary>
internal static partial class SetDiagnostics
{
    [LoggerMessage(1, LogLevel.Information,
        "Subscription set {Location} with {Count} destinations was created by {Caller}")]
    public static partial void Created(ILogger logger, string location, int count, string caller);

    [LoggerMessage(2, LogLevel.Information,
        "Subscription set {Location} of {Owner} was replaced, and has {Count} destinations")]
    public static partial void Replaced(ILogger logger, string location, string owner, int count);

    [LoggerMessage(3, LogLevel.Information, "Subscription set {Location} of {Owner} was deleted")]
    public static partial void Deleted(ILogger logger, string location, string owner);

    [LoggerMessage(4, LogLevel.Warning,
        "Deliveries of subscription set {Location} differed from the set after the last stop, and agree again")]
    public static partial void Agreed(ILogger logger, string location);

    [LoggerMessage(5, LogLevel.Error,
        "Deliveries of subscription sets could not be compared with the sets at the start: {Message}")]
    public static partial void NotAgreed(ILogger logger, string message);
}
