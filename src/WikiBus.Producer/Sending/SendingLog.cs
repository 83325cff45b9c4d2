using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Sending;

/// <summary>What sending logs. No message has a part of an event.</summary>
internal static partial class SendingLog
{
    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Unable to deliver all events: {Error} (service {Service}, {Failed} of {Count} events)")]
    public static partial void NotDelivered(
        this ILogger logger, string error, string service, int failed, int count);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Events are dropped, because {Bytes} bytes wait for the service {Service} (QueueBytesMax)")]
    public static partial void QueueIsFull(this ILogger logger, string service, long bytes);

    [LoggerMessage(3, LogLevel.Warning, "{Count} events for the service {Service} were not sent before the stop")]
    public static partial void NotSentBeforeStop(this ILogger logger, string service, int count);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "An event of stream {Stream} with {Bytes} bytes is larger than BatchBytesMax; it is sent in spite of that")]
    public static partial void LargeEvent(this ILogger logger, string stream, int bytes);

    [LoggerMessage(5, LogLevel.Debug, "Events of stream {Stream} are not sent: {Reason}")]
    public static partial void NotEnabled(this ILogger logger, string stream, string reason);
}
