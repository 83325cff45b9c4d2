using System.Diagnostics;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// Waits until records are on disk, or until the answer is due: then they are withdrawn if the log's writer has not
/// taken them. Safe for concurrent use.
/// </summary>
internal sealed class AppendWait(IntakeDiagnostics diagnostics)
{
    /// <param name="request">What the log was asked to append.</param>
    /// <param name="deadline">Cancelled when the answer is due.</param>
    public async ValueTask<AppendResult> WaitAsync(AppendRequest request, CancellationToken deadline)
    {
        try
        {
            return await request.Completion.WaitAsync(deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return await ResultAtDeadlineAsync(request);
        }
    }

    /// <summary>Why records were not stored, for clients.</summary>
    public static string ReasonOf(AppendResult result) => result.Status switch
    {
        AppendStatus.Unknown => "Outcome unknown; repeat with the same meta.id",
        AppendStatus.QueueFull => "Not stored: the queue is full; repeat later",
        AppendStatus.Withdrawn => "Not stored in time; repeat later",
        _ => $"Not stored: {result.Reason}; repeat later",
    };

    private async ValueTask<AppendResult> ResultAtDeadlineAsync(AppendRequest request)
    {
        // Race: the writer may take the request just now. The result of TryWithdraw is final either way.
        if (request.TryWithdraw())
        {
            diagnostics.Withdrawn();
        }
        else if (!request.Completion.IsCompleted)
        {
            diagnostics.OutcomeUnknown();
            return new AppendResult(AppendStatus.Unknown, []);
        }

        Debug.Assert(request.Completion.IsCompleted, "a withdrawn request is complete");
        return await request.Completion;
    }
}
