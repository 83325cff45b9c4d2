using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// Takes a request's events through <see cref="EventPipeline"/> into the log and says what to answer. Safe for
/// concurrent use.
/// </summary>
internal sealed class EventIntake(
    EventPipeline pipeline, Appender appender, IntakeBatchPool batches, ErrorEvents errorEvents,
    IntakeDiagnostics diagnostics)
{
    /// <summary>
    /// Judges the events of a batch and appends the accepted ones. <see cref="IntakeOutcome.Pending"/> tells until
    /// when the batch is in use.
    /// </summary>
    /// <param name="batch">The events.</param>
    /// <param name="origin">Who sent them.</param>
    /// <param name="deadline">Cancelled when an answer must be given.</param>
    public async ValueTask<IntakeOutcome> SubmitAsync(
        IntakeBatch batch, EventOrigin origin, CancellationToken deadline)
    {
        try
        {
            await pipeline.PrepareAsync(batch, origin, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new IntakeOutcome(IntakeAnswer.Of(BodyFault.JudgedTooSlowly));
        }

        var append = batch.Drafts.Count == 0
            ? new AppendAnswer(AppendOutcome.Stored, [], null)
            : await appender.AppendAsync(batch.Drafts, deadline);
        if (append.Outcome != AppendOutcome.Stored)
        {
            return new IntakeOutcome(IntakeAnswer.Of(append), append.Pending);
        }

        Count(batch, append.Records);
        errorEvents.Report(batch, origin);
        return new IntakeOutcome(IntakeAnswer.Of(batch.Events.Count, batch.InvalidCount, batch.ErrorCount));
    }

    /// <summary>Gives a batch back once nothing uses it any more.</summary>
    public void Return(IntakeBatch batch, Task? pending)
    {
        if (pending is null)
        {
            batches.Return(batch);
            return;
        }

        _ = ReturnAfterAsync(batch, pending);
    }

    // The log still reads the records; its task never faults.
    private async Task ReturnAfterAsync(IntakeBatch batch, Task pending)
    {
        await pending;
        batches.Return(batch);
    }

    private void Count(IntakeBatch batch, IReadOnlyList<RecordOutcome> records)
    {
        // Neighbours are alike as a rule, and counted together.
        for (int start = 0, end; start < records.Count; start = end)
        {
            var stream = batch.Drafts[start].Stream;
            var isDuplicate = records[start].IsDuplicate;
            for (end = start + 1; end < records.Count; end++)
            {
                if (records[end].IsDuplicate != isDuplicate || batch.Drafts[end].Stream != stream)
                {
                    break;
                }
            }

            diagnostics.Events(stream, isDuplicate ? "duplicate" : "stored", end - start);
        }

        diagnostics.Refused("invalid", batch.InvalidCount);
        diagnostics.Refused("error", batch.ErrorCount);
    }
}
