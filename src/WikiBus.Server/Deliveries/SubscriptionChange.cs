using WikiBus.Server.Deliveries.Lanes;

namespace WikiBus.Server.Deliveries;

/// <summary>The result of a change of a subscription.</summary>
/// <param name="Outcome">Whether it was made, and if not, why.</param>
/// <param name="Subscription">The subscription; null if there is none.</param>
/// <param name="Count">How many positions are skipped or sent again, or deliveries were dropped.</param>
internal sealed record SubscriptionChange(ChangeOutcome Outcome, Subscription? Subscription = null, long Count = 0);
