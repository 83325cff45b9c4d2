using System.Runtime.CompilerServices;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>
/// What the owner of a subscription may target now: <c>Deliveries:AllowedNetworks</c>, and what its key lists.
/// Subscriptions of the configuration have no key. Safe for concurrent use.
/// </summary>
internal sealed class OwnerNetworks(SubscriptionOwners owners, DeliveriesOptions options)
{
    // A key has another owner object after each change.
    private readonly ConditionalWeakTable<KeyOwner, TargetNetworks> _known = [];

    private readonly TargetNetworks _ofAll = new(options.AllowedNetworks, []);

    public TargetNetworks Of(string owner) => owners.Find(owner) is { } key
        ? _known.GetValue(key, key => new TargetNetworks([.. key.Networks, .. options.AllowedNetworks], key.Hosts))
        : _ofAll;
}
