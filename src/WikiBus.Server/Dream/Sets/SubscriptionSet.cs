namespace WikiBus.Server.Dream.Sets;

/// <summary>A subscription set of Dream. Immutable.</summary>
/// <param name="Owner">The URI of its owner, which identifies it.</param>
/// <param name="Version">Its version; null: it has none, and always replaces.</param>
/// <param name="FailuresMax">Consecutive failures that are allowed; <see cref="int.MaxValue"/> with a duration.</param>
/// <param name="FailureSecondsMax">How long failures may go on, in seconds; 0: only their number counts.</param>
/// <param name="Subscriptions">Its subscriptions, in their order; may be none.</param>
internal sealed record SubscriptionSet(
    string Owner, long? Version, int FailuresMax, double FailureSecondsMax,
    IReadOnlyList<SetSubscription> Subscriptions)
{
    /// <summary>Does it want strict order, as Dream gives to sets with a duration?</summary>
    public bool IsStrict => FailureSecondsMax != 0;
}
