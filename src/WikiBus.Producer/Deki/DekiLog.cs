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
}
