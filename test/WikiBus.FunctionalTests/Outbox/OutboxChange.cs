namespace WikiBus.FunctionalTests.Outbox;

/// <summary>A change that was committed, from the table <c>change</c>.</summary>
/// <param name="Page">The page.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Attempt">Distinguishes it from those that were rolled back.</param>
/// <param name="EventCount">How many events it has.</param>
internal sealed record OutboxChange(long Page, long Revision, string Attempt, int EventCount);
