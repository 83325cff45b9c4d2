using WikiBus.Server.Deliveries.Lanes;

namespace WikiBus.Server.Deliveries.Api;

/// <summary>Finds subscriptions for callers. Safe for concurrent use.</summary>
internal sealed class VisibleSubscriptions(LaneParts parts, SubscriptionBook book)
{
    /// <summary>The subscription with this id; null: there is none, or the caller does not see it.</summary>
    public Subscription? Find(DeliveryCall call, string id)
    {
        lock (parts.Lock)
        {
            return book.TryFind(id, out var found) && call.MaySee(found) ? found : null;
        }
    }

    /// <summary>The subscription that the route names.</summary>
    public Subscription? Find(DeliveryCall call) => Find(call, call.Id);
}
