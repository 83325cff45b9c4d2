using WikiBus.Server.Deliveries.Records;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>Chooses which delivery of a lane is sent next. Belongs to the engine's lock.</summary>
internal sealed class LaneSending(Lane lane, LaneDeliveries deliveries, LaneOutcomes outcomes, LaneParts parts)
{
    private bool _isRowsTurn;

    private Subscription Subscription => lane.Subscription;

    private Destination Destination => lane.Subscription.Destination;

    /// <summary>Takes the delivery that is to be sent now; null: none.</summary>
    public Delivery? TakeNext(DateTimeOffset now)
    {
        while (lane.IsSending && Destination.IsOpen(now) && Destination.RunningCount < lane.Concurrency)
        {
            var delivery = Destination.State == DestinationState.Down ? FindProbe() : FindInTurn(now);
            if (delivery is null)
            {
                return null;
            }

            deliveries.Take(delivery);
            if (!parts.Owners.MayRead(Subscription.Owner, delivery.Record!))
            {
                deliveries.Settle(delivery, now);
            }
            else if (IsExpired(delivery.Record!, now))
            {
                outcomes.Skip(delivery, now);
            }
            else
            {
                delivery.State = DeliveryState.Running;
                delivery.Tries++;
                Destination.Begin(delivery);
                return delivery;
            }
        }

        return null;
    }

    /// <summary>By turns a waiting delivery that is due, and the next one from the log.</summary>
    private Delivery? FindInTurn(DateTimeOffset now)
    {
        var waiting = deliveries.Held.FirstOrDefault(delivery => delivery.NextTry <= now)
            ?? deliveries.Rows.Sendable.FirstOrDefault(delivery => delivery.NextTry <= now);
        var fresh = deliveries.Fresh.FirstOrDefault();
        if (waiting is null || fresh is null)
        {
            return waiting ?? fresh;
        }

        _isRowsTurn = !_isRowsTurn;
        return _isRowsTurn ? waiting : fresh;
    }

    /// <summary>By turns the oldest delivery, and the oldest one of another key than that of the cause.</summary>
    private Delivery? FindProbe()
    {
        Delivery? oldest = null;
        Delivery? other = null;
        var key = Destination.Cause?.KeyHash ?? 0;
        foreach (var delivery in deliveries.Rows.Sendable.Concat(deliveries.Held).Concat(deliveries.Fresh))
        {
            oldest = oldest is null || delivery.Position < oldest.Position ? delivery : oldest;
            var isOther = delivery != Destination.Cause && (key == 0 || delivery.KeyHash != key);
            other = isOther && (other is null || delivery.Position < other.Position) ? delivery : other;
        }

        return Destination.WantsOther ? other ?? oldest : oldest;
    }

    private bool IsExpired(DeliveryRecord record, DateTimeOffset now) =>
        Subscription.Plan.ExpireAfter is { } age
        && now - DateTimeOffset.FromUnixTimeMilliseconds(record.TimeMs) > age;
}
