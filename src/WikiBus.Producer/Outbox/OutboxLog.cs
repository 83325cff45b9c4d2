using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Outbox;

/// <summary>What collecting events logs.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(
        200,
        LogLevel.Error,
        "{Count} events were published in a transaction and never saved, so they are lost; commit it with "
            + "OutboxTransaction, or call IOutbox.SaveAsync before")]
    public static partial void NeverSaved(this ILogger logger, int count);
}
