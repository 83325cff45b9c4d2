using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>All subscriptions. Belongs to the engine's lock.</summary>
internal sealed class SubscriptionBook
{
    private readonly SortedDictionary<string, Subscription> _byId = new(StringComparer.Ordinal);

    /// <summary>By id.</summary>
    public IEnumerable<Subscription> All => _byId.Values;

    /// <summary>The live lanes, in no order.</summary>
    public IReadOnlyList<Lane> LiveLanes => [.. _byId.Values.Select(static subscription => subscription.Live)];

    public void Add(Subscription subscription) => _byId.Add(subscription.Id, subscription);

    public void Remove(Subscription subscription) => _byId.Remove(subscription.Id);

    public bool TryFind(string id, [NotNullWhen(true)] out Subscription? subscription) =>
        _byId.TryGetValue(id, out subscription);

    public bool Contains(Subscription subscription) => _byId.GetValueOrDefault(subscription.Id) == subscription;
}
