using WikiBus.Server.Deliveries.Lanes;

namespace WikiBus.Server.Deliveries;

/// <summary>The outcome of a change of a subscription.</summary>
internal enum ChangeOutcome
{
    Done,

    /// <summary>It was there already, in the same form.</summary>
    Same,

    /// <summary>There is no such subscription any more.</summary>
    NotFound,

    /// <summary>Another subscription has this id.</summary>
    IdTaken,

    /// <summary>The owner has as many subscriptions as are allowed.</summary>
    TooMany,

    /// <summary>It has another version than the request says.</summary>
    OtherVersion,

    /// <summary>A replay of it runs already.</summary>
    ReplayRuns,
}

/// <summary>The result of a change.</summary>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Subscription">The subscription; null if there is none.</param>
/// <param name="Count">How many positions were skipped, or deliveries dropped.</param>
internal sealed record SubscriptionChange(ChangeOutcome Outcome, Subscription? Subscription = null, long Count = 0);
