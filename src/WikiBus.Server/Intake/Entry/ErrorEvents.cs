using WikiBus.Server.Faults;
using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// Reports events that violate their schema to a configured stream: submits the queued error events to intake, like any
/// other events.
/// </summary>
internal sealed class ErrorEvents(
    ErrorEventQueue queue, EventIntake intake, IntakeBatchPool batches, FillPlans plans, IntakeOptions options,
    IntakeDiagnostics diagnostics, TimeProvider time) : BackgroundService
{
    private readonly RecentFaults _faults = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var error in queue.ReadAllAsync(stoppingToken))
            {
                await TryAppendAsync(error);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The error events that wait are dropped: reporting is best effort.
        }
    }

    private async Task TryAppendAsync(ErrorEvent error)
    {
        try
        {
            await AppendAsync(error);
            _faults.Clear();
        }
        catch (Exception exception)
        {
            // The boundary of the loop: an unexpected fault loses this error event only.
            if (_faults.IsNew(exception.Message))
            {
                diagnostics.ErrorEventFailed(exception);
            }
        }
        finally
        {
            queue.Release(error);
        }
    }

    private async Task AppendAsync(ErrorEvent error)
    {
        var batch = batches.Take();
        try
        {
            batch.Body.TakeOwnEvent(error.ToJson(options));
            var origin = EventOrigin.Own(time.GetUtcNow(), plans.HeaderFields.Count);
            var result = await intake.SubmitAsync(batch, origin, CancellationToken.None);

            // RefusedEvents logs an error event that its stream does not take.
            if (result.Status != AppendStatus.Stored)
            {
                diagnostics.ErrorEventLost(result.Reason!);
            }
        }
        finally
        {
            batches.Return(batch);
        }
    }
}
