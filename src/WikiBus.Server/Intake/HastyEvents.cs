namespace WikiBus.Server.Intake;

/// <summary>
/// Works on events whose request has been answered already. What is under way is bounded by the bytes in flight:
/// beyond them new requests are refused. A graceful stop waits for all of it.
/// </summary>
internal sealed class HastyEvents(EventIntake intake, IntakeDiagnostics diagnostics) : IHostedService
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Starts at 1 for the service itself, so that it is 0 only after the stop began and all work has ended.
    private int _underWay = 1;

    /// <summary>Takes a batch over and returns at once.</summary>
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
        Task? pending = null;
        try
        {
            var count = batch.Events.Count;
            var outcome = await intake.SubmitAsync(batch, origin, CancellationToken.None);
            pending = outcome.Pending;
            if (outcome.Answer.Status == StatusCodes.Status503ServiceUnavailable)
            {
                diagnostics.HastyEventsLost(count, outcome.Answer.Reason);
            }
        }
        catch (Exception exception)
        {
            // The boundary of this request: nobody waits for the task.
            diagnostics.RequestFailed(exception);
        }
        finally
        {
            intake.Return(batch, pending);
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
