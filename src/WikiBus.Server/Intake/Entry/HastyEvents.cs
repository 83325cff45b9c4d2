using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// Submits events whose request was answered before. The bytes in flight bound them: beyond that limit new requests are
/// refused. A graceful stop waits until all are submitted. Safe for concurrent use.
/// </summary>
internal sealed class HastyEvents(EventIntake intake, IntakeBatchPool batches, IntakeDiagnostics diagnostics)
    : IHostedService
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Starts at 1 for the service itself. So it reaches 0 only after the stop began and all batches are done.
    private int _underWay = 1;

    /// <summary>Becomes the batch's owner, and returns without waiting.</summary>
    public void Start(IntakeBatch batch, EventOrigin origin)
    {
        Interlocked.Increment(ref _underWay);
        _ = RunAsync(batch, origin);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        End();
        try
        {
            await _idle.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            diagnostics.HastyEventsLost(Volatile.Read(ref _underWay), "the process stops");
        }
    }

    private async Task RunAsync(IntakeBatch batch, EventOrigin origin)
    {
        await Task.Yield();
        try
        {
            var result = await intake.SubmitAsync(batch, origin, CancellationToken.None);
            if (result.Status != AppendStatus.Stored)
            {
                diagnostics.HastyEventsLost(batch.Body.Events.Count, result.Reason!);
            }
        }
        catch (Exception exception)
        {
            // The boundary of this request: nobody awaits the task.
            diagnostics.RequestFailed(exception);
        }
        finally
        {
            batches.Return(batch);
            End();
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
