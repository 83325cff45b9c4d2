namespace WikiBus.Server.Webhooks.Settings;

/// <summary>Messages about webhooks. No secret, header or event is in them.</summary>
internal static partial class WebhooksDiagnostics
{
    [LoggerMessage(1, LogLevel.Information, "Subscription {Id} was created by {Caller}")]
    public static partial void Created(ILogger logger, string id, string caller);

    [LoggerMessage(2, LogLevel.Information, "Subscription {Id} was replaced by {Caller}; its owner is {Owner}")]
    public static partial void Replaced(ILogger logger, string id, string caller, string owner);

    [LoggerMessage(3, LogLevel.Information,
        "Subscription {Id} was deleted by {Caller}, with {Count} waiting and dead deliveries")]
    public static partial void Deleted(ILogger logger, string id, string caller, long count);

    [LoggerMessage(4, LogLevel.Information, "Subscription {Id}: {Operation} by {Caller}")]
    public static partial void Operated(ILogger logger, string id, string operation, string caller);

    [LoggerMessage(5, LogLevel.Information, "Subscription {Id} of the configuration was {Change}")]
    public static partial void Declared(ILogger logger, string id, string change);

    [LoggerMessage(6, LogLevel.Warning,
        "Subscription {Id} is no longer in the configuration: it is paused. DELETE /v1/subscriptions/{Id} removes it")]
    public static partial void Undeclared(ILogger logger, string id);

    [LoggerMessage(7, LogLevel.Error,
        "The configuration declares the subscription {Id}, but the key {Owner} has one with this id")]
    public static partial void IdTaken(ILogger logger, string id, string owner);

    [LoggerMessage(8, LogLevel.Error,
        "The subscriptions of the configuration could not be stored, and are as they were: {Message}")]
    public static partial void NotStored(ILogger logger, string message);

    [LoggerMessage(9, LogLevel.Warning,
        "Subscription {Id} of the configuration begins with the next record, since its start cannot be found: {Fault}")]
    public static partial void StartUnknown(ILogger logger, string id, string fault);
}
