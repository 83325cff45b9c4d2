using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>What is known about an append when it has to be answered.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Records">One per record, in order, with <see cref="AppendOutcome.Stored"/>; else empty.</param>
/// <param name="Reason">Why not, for people; null when stored.</param>
/// <param name="Pending">Not null: the log still uses the drafts until this is done.</param>
internal readonly record struct AppendAnswer(
    AppendOutcome Outcome, IReadOnlyList<RecordOutcome> Records, string? Reason, Task? Pending = null)
{
    public const string UnknownReason = "Outcome unknown; repeat with the same meta.id";

    public static AppendAnswer Unknown(Task? pending) => new(AppendOutcome.Unknown, [], UnknownReason, pending);

    public static AppendAnswer NotStored(string reason) => new(AppendOutcome.NotStored, [], reason);

    public static AppendAnswer Of(AppendResult result) => result.Status switch
    {
        AppendStatus.Stored => new AppendAnswer(AppendOutcome.Stored, result.Records, null),
        AppendStatus.Unknown => Unknown(null),
        AppendStatus.QueueFull => NotStored("Not stored: the queue is full; repeat later"),
        _ => NotStored($"Not stored: {result.Reason ?? "the log takes no records now"}; repeat later"),
    };
}
