using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>
/// Commits outcomes, gathered over <see cref="s_gatherTime"/>. Everything that reads or changes the tables of
/// deliveries takes its turn here, so that memory and tables agree meanwhile.
/// </summary>
internal sealed class Committer(
    EventLog log, StateDatabase state, LaneParts parts, DeliveriesDiagnostics diagnostics, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan s_gatherTime = TimeSpan.FromMilliseconds(20);

    /// <summary>After a failure, the next try comes after this time.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await parts.Queues.CanCommit.WaitAsync(cancellationToken);
            await Task.Delay(s_gatherTime, time, cancellationToken);
            try
            {
                await InTurnAsync(() => Task.FromResult(true));
            }
            catch (StateException)
            {
                // The database reports it. Until it is mended, no request begins.
                await Task.Delay(s_retryDelay, time, cancellationToken);
                parts.Queues.CanCommit.Set();
            }
            catch (Exception exception)
            {
                diagnostics.LoopFailed(exception);
            }
        }
    }

    /// <summary>
    /// Commits what is pending, and does something else before anything more is committed.
    /// </summary>
    /// <exception cref="StateException">The database cannot be written or read.</exception>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> action)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await CommitAsync();
            return await action();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task CommitAsync()
    {
        PendingBatch batch;
        lock (parts.Lock)
        {
            if (parts.Pending.IsEmpty)
            {
                return;
            }

            batch = parts.Pending.Take(log.LogId);
        }

        try
        {
            await state.CommitAsync(connection =>
            {
                using var writer = new DeliveryWriter(connection);
                batch.Changes.ForEach(change => change(writer));
            });
        }
        catch
        {
            lock (parts.Lock)
            {
                parts.Pending.Return(batch);
            }

            throw;
        }

        lock (parts.Lock)
        {
            parts.Pending.Committed(batch);
            parts.Queues.CanSend.Set();
        }
    }
}
