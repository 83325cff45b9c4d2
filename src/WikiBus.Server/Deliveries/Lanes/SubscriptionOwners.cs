using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries.Records;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// What the owners of subscriptions may read and target now. Subscriptions of the configuration may read everything.
/// Safe for concurrent use.
/// </summary>
internal sealed class SubscriptionOwners(KeyStore keys)
{
    /// <summary>Is there such a key, or is it the configuration?</summary>
    public bool Exists(string owner) => owner == Subscription.ConfigurationOwner || keys.OwnerOf(owner) is not null;

    /// <summary>May the owner get this record now?</summary>
    public bool MayRead(string owner, DeliveryRecord record) => owner == Subscription.ConfigurationOwner
        || keys.OwnerOf(owner)?.Caller.MayReadRecord(record.Stream, record.Wiki, record.Domain) == true;

    /// <summary>The key with its networks; null: it is the configuration, or there is no such key.</summary>
    public KeyOwner? Find(string owner) => keys.OwnerOf(owner);
}
