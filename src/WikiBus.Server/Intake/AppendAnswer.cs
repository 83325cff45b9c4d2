using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>The answer of <see cref="Appender"/>.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Records">One per record, in order, with <see cref="AppendOutcome.Stored"/>; else empty.</param>
/// <param name="Reason">Why not, for people; null when stored.</param>
/// <param name="Pending">Not null: the log still uses the drafts until this is done.</param>
internal readonly record struct AppendAnswer(
    AppendOutcome Outcome, IReadOnlyList<RecordOutcome> Records, string? Reason, Task? Pending = null)
{
    public const string UnknownReason = "Outcome unknown; repeat with the same meta.id";

    public static AppendAnswer Unknown(Task? pending) => new(AppendOutcome.Unknown, [], UnknownReason, pending);
}
