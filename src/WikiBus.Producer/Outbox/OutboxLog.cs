using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Outbox;

/// <summary>What collecting events logs.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(
        200,
        LogLevel.Error,
        "{Count} events were published and never saved, so they are lost; commit their transaction with "
            + "OutboxTransaction or a DbContext, or call IOutbox.SaveAsync before the commit")]
    public static partial void NeverSaved(this ILogger logger, int count);
}
