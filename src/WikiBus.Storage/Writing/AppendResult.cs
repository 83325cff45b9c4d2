namespace WikiBus.Storage;

/// <summary>The answer to an append.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Records">One outcome per record, in order; empty unless <see cref="AppendStatus.Stored"/>.</param>
/// <param name="Reason">Why it was refused, for people; null when stored.</param>
public readonly record struct AppendResult(
    AppendStatus Status, IReadOnlyList<RecordOutcome> Records, string? Reason = null);
