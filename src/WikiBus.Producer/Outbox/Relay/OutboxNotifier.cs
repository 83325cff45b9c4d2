using Microsoft.Extensions.Hosting;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>
/// Tells the relay of another process about commits of this one, at most 20 times a second. If it cannot, the relay
/// finds the rows at its next poll.
/// </summary>
internal sealed class OutboxNotifier(
    OutboxDatabase database, OutboxSignal signal, RelayState state, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var canNotify = true;
            var next = signal.Next;
            while (canNotify)
            {
                await next.WaitAsync(stoppingToken).ConfigureAwait(false);
                next = signal.Next;
                canNotify = state.IsLeading || await TryNotifyAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<bool> TryNotifyAsync(CancellationToken cancellation)
    {
        try
        {
            return await database.Dialect.TryNotifyAsync(database.Source, cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return true;
        }
    }
}
