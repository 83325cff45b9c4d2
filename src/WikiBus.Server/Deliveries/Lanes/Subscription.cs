using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// A subscription as the engine knows it: who wants what, how it is sent, and how far it is. Belongs to the engine's
/// lock.
/// </summary>
internal sealed class Subscription
{
    /// <summary>The owner of subscriptions that are declared in the configuration. No key has this id.</summary>
    public const string ConfigurationOwner = Caller.ConfigurationId;

    public required long Number { get; init; }

    public required string Id { get; init; }

    /// <summary>The feature that sends its records.</summary>
    public required string Feature { get; init; }

    /// <summary>The id of the key whose rights count.</summary>
    public required string Owner { get; set; }

    /// <summary>What the feature keeps about it.</summary>
    public required string Definition { get; set; }

    public required SubscriptionPlan Plan { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Records below were never its own.</summary>
    public required long StartPosition { get; init; }

    /// <summary>Grows with each change of the definition; the ETag.</summary>
    public required long Version { get; set; }

    public required SubscriptionState State { get; set; }

    /// <summary>Its lanes; the first one is the live one.</summary>
    public List<Lane> Lanes { get; } = [];

    public Destination Destination { get; } = new();

    /// <summary>Its waiting and dead deliveries.</summary>
    public WaitingCounts Counts { get; } = new();

    /// <summary>The last try that did not succeed; null: there was none.</summary>
    public LastError? LastError { get; set; }

    /// <summary>Records that were too old to be sent.</summary>
    public long ExpiredCount { get; set; }

    public Lane Live => Lanes[0];

    /// <summary>The lane of the replay that runs; null: none.</summary>
    public Lane? Replay => Lanes.Count > 1 ? Lanes[1] : null;

    /// <summary>
    /// <c>active</c>, <c>paused</c>, <c>down</c>, <c>suspended</c>, <c>gone</c> or <c>revoked</c>.
    /// </summary>
    public string StateName(SubscriptionOwners owners) =>
        !owners.Exists(Owner) ? "revoked"
        : State != SubscriptionState.Active ? State.ToString().ToLowerInvariant()
        : Destination.State == DestinationState.Up ? "active"
        : "down";
}
