using WikiBus.Server.Faults;

namespace WikiBus.Server.Intake;

/// <summary>
/// Tells a configured stream about events that violate their schema: takes what is queued through intake like any other
/// events.
/// </summary>
internal sealed class ErrorEvents(
    ErrorEventQueue queue, EventIntake intake, IntakeBatchPool batches, FillPlans plans, IntakeOptions options,
    IntakeDiagnostics diagnostics, TimeProvider time) : BackgroundService
{
    private readonly LastFault _fault = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var error in queue.ReadAllAsync(stoppingToken))
            {
                await TryAppendAsync(error, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is dropped: error events are told as far as possible, not promised.
        }
    }

    private async Task TryAppendAsync(ErrorEvent error, CancellationToken cancellationToken)
    {
        try
        {
            await AppendAsync(error);
            _fault.Clear();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The boundary of the loop: what nobody expected costs this error event, told once while it lasts.
            if (_fault.IsNew(exception))
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
            batch.Body.Append(error.ToJson(options));
            if (!batch.Tape.TryParse(batch.Body.Memory, out var fault))
            {
                throw new InvalidOperationException($"An error event is no JSON: {fault.Message}");
            }

            batch.Events.Add(batch.Tape.Root);
            var origin = EventOrigin.Own(time.GetUtcNow(), plans.HeaderFields.Count);
            // Without a deadline nothing is pending afterwards.
            var outcome = await intake.SubmitAsync(batch, origin, CancellationToken.None);
            if (outcome.Answer.Status != StatusCodes.Status201Created)
            {
                diagnostics.ErrorEventLost(batch.Verdicts[0].Message ?? outcome.Answer.Reason);
            }
        }
        finally
        {
            batches.Return(batch);
        }
    }
}
