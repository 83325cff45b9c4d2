using WikiBus.Server.Dream.Tables;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>The result of a change of the sets.</summary>
/// <param name="Kind">Whether it was made, and if not, why.</param>
/// <param name="Set">The set after the change, or the one that is in its way; null if there is none.</param>
internal sealed record SetOutcome(SetOutcomeKind Kind, StoredSet? Set = null);
