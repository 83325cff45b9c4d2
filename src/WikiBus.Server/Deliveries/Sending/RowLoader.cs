using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>Loads waiting deliveries that are due.</summary>
internal sealed class RowLoader(
    StateDatabase state, Committer committer, LaneParts parts, DeliveriesDiagnostics diagnostics, TimeProvider time)
{
    /// <summary>Most rows that one query loads.</summary>
    private const int RowsMax = 64;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var lane in parts.Queues.Due.ReadAllAsync(cancellationToken))
        {
            try
            {
                await committer.InTurnAsync(() => LoadAsync(lane));
            }
            catch (Exception exception)
            {
                // The database reports its own faults.
                if (exception is not StateException)
                {
                    diagnostics.LoopFailed(exception);
                }

                await Task.Delay(s_retryDelay, time, cancellationToken);
                EndLoading(lane);
            }
        }
    }

    private async Task<bool> LoadAsync(Lane lane)
    {
        DateTimeOffset until;
        int limit;
        lock (parts.Lock)
        {
            if (!lane.IsSending)
            {
                lane.Deliveries.Rows.IsLoading = false;
                return false;
            }

            // The query also returns rows that are in hand.
            (until, limit) = lane.Deliveries.RowsWanted(parts.Now, RowsMax);
            limit += lane.Deliveries.Rows.InHandCount;
        }

        var loaded = await state.ReadAsync(connection => WaitingTable.Load(connection, lane.Number, until, limit));
        lock (parts.Lock)
        {
            lane.Deliveries.Load(loaded);
            lane.Deliveries.Rows.IsLoading = false;
            parts.Queues.Touch(lane);
        }

        return true;
    }

    private void EndLoading(Lane lane)
    {
        lock (parts.Lock)
        {
            lane.Deliveries.Rows.IsLoading = false;
            parts.Queues.Touch(lane);
        }
    }
}
