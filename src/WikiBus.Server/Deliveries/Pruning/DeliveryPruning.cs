using WikiBus.Server.Deliveries.DeadLetters;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Pruning;

/// <summary>
/// Removes old dead deliveries and old history in the background, and gives free pages of the database back. It works
/// in small steps, and other work goes between.
/// </summary>
internal sealed class DeliveryPruning(
    DeadLetterStore letters, Committer committer, StateDatabase state, LaneParts parts,
    DeliveriesDiagnostics diagnostics, TimeProvider time) : BackgroundService
{
    /// <summary>Most rows of the history that one transaction looks at.</summary>
    private const int StepRowsMax = 1_000;

    /// <summary>Fewer free pages are left to be used again.</summary>
    private const int FreePagesMin = 4_096;

    /// <summary>Most free pages that one transaction gives back.</summary>
    private const int StepPagesMax = 1_024;

    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    /// <summary>How often it has gone through everything, for tests.</summary>
    public long PassCount { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await letters.DropOldAsync();
                await PruneHistoryAsync(stoppingToken);
                await ShrinkAsync(stoppingToken);
                PassCount++;
            }
            catch (StateException)
            {
                // The database reports it. The next pass begins again.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                diagnostics.LoopFailed(exception);
            }
        }
    }

    private async Task PruneHistoryAsync(CancellationToken cancellationToken)
    {
        var (until, rowsMax) = (parts.Now - parts.Options.HistoryAgeMax, parts.Options.HistoryRowsMax);
        var step = new PruneStep(StepRowsMax, Last: 0);
        while (step.Count == StepRowsMax && !cancellationToken.IsCancellationRequested)
        {
            var after = step.Last;
            step = await InTurnAsync(connection => HistoryTable.Prune(connection, after, until, rowsMax, StepRowsMax));
        }
    }

    private async Task ShrinkAsync(CancellationToken cancellationToken)
    {
        var free = long.MaxValue;
        while (free > FreePagesMin && !cancellationToken.IsCancellationRequested)
        {
            var before = free;
            free = await InTurnAsync(static connection =>
            {
                var count = connection.Query("PRAGMA freelist_count", static row => row.GetInt64(0)).Single();
                if (count > FreePagesMin)
                {
                    connection.Query($"PRAGMA incremental_vacuum({StepPagesMax})", static _ => true);
                }

                return count;
            });
            if (free >= before)
            {
                return; // Databases of other programs may not be able to shrink.
            }
        }
    }

    private Task<T> InTurnAsync<T>(Func<Microsoft.Data.Sqlite.SqliteConnection, T> change) =>
        committer.InTurnAsync(async () =>
        {
            var result = default(T)!;
            await state.CommitAsync(connection => result = change(connection));
            return result;
        });
}
