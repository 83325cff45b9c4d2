using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Deki;

/// <summary>What publishing Deki's events logs. No message has a part of an event.</summary>
internal static partial class DekiLog
{
    [LoggerMessage(
        101,
        LogLevel.Warning,
        "{Count} events of Deki were published and never flushed, so they are lost; call UseWikiBusProducer or "
            + "FlushAsync")]
    public static partial void NotFlushed(this ILogger logger, int count);

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "Events of Deki are dropped, because {Bytes} bytes are published and not flushed (QueueBytesMax)")]
    public static partial void TooManyCollected(this ILogger logger, long bytes);

    [LoggerMessage(103, LogLevel.Information, "The pub/sub service delivers events to this wiki")]
    public static partial void Subscribed(this ILogger logger);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "The pub/sub service did not take the subscription, it is tried again: {Fault}")]
    public static partial void NotSubscribed(this ILogger logger, string fault);

    [LoggerMessage(105, LogLevel.Warning, "The subscription could not be deleted: {Fault}")]
    public static partial void NotUnsubscribed(this ILogger logger, string fault);
}
