using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// The door to the log that all of intake's dialects use: appends records, waits for them until a deadline and says
/// what is known. Safe for concurrent use.
/// </summary>
internal sealed class Appender(EventLog log, IntakeDiagnostics diagnostics)
{
    /// <summary>
    /// Appends records, which become durable together or not at all. The memory of the drafts must stay unchanged until
    /// <see cref="AppendAnswer.Pending"/> is done; when that is null it may be reused at once.
    /// </summary>
    /// <param name="drafts">The records; at least one.</param>
    /// <param name="deadline">Cancelled when an answer must be given; then the request is withdrawn if the writer has
    /// not taken it.</param>
    public async ValueTask<AppendAnswer> AppendAsync(IReadOnlyList<RecordDraft> drafts, CancellationToken deadline)
    {
        var request = log.Append(drafts);
        try
        {
            return Answer(await request.Completion.WaitAsync(deadline));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return await AnswerAtDeadlineAsync(request);
        }
    }

    private async ValueTask<AppendAnswer> AnswerAtDeadlineAsync(AppendRequest request)
    {
        // Race: the writer may take the request just now. What TryWithdraw says is final either way.
        if (request.TryWithdraw())
        {
            diagnostics.Withdrawn();
            return new AppendAnswer(AppendOutcome.NotStored, [], "Not stored in time; repeat later");
        }

        if (request.Completion.IsCompleted)
        {
            return Answer(await request.Completion);
        }

        diagnostics.OutcomeUnknown();
        return AppendAnswer.Unknown(request.Completion);
    }

    private static AppendAnswer Answer(AppendResult result) => result.Status switch
    {
        AppendStatus.Stored => new AppendAnswer(AppendOutcome.Stored, result.Records, null),
        AppendStatus.Unknown => AppendAnswer.Unknown(null),
        AppendStatus.QueueFull => NotStored("the queue is full"),
        _ => NotStored(result.Reason ?? "the log takes no records now"),
    };

    private static AppendAnswer NotStored(string reason) =>
        new(AppendOutcome.NotStored, [], $"Not stored: {reason}; repeat later");
}
