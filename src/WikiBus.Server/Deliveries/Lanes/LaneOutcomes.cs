using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// Judges what becomes of a lane's deliveries by the outcomes of their tries. Belongs to the engine's lock.
/// </summary>
internal sealed class LaneOutcomes(Lane lane, LaneDeliveries deliveries, LaneParts parts)
{
    private Subscription Subscription => lane.Subscription;

    private Destination Destination => lane.Subscription.Destination;

    /// <summary>A request was broken off by the stop of the process: it is repeated.</summary>
    public void Abandon(Delivery delivery)
    {
        Destination.RunningCount--;
        if (lane.IsRemoved)
        {
            parts.QueuedBytes -= delivery.Record!.Bytes;
            return;
        }

        deliveries.Return(delivery);
    }

    /// <summary>A request has ended.</summary>
    public void End(Delivery delivery, DeliveryResult result, DateTimeOffset now, TimeSpan duration)
    {
        var record = delivery.Record!;
        Destination.RunningCount--;
        if (!result.WasSent)
        {
            Forgo(delivery, now);
            return;
        }

        parts.Pending.CountOutcome(now);
        AddTry(delivery, result.Verdict, result.Status, result.Message, now, duration);
        if (lane.IsRemoved)
        {
            parts.QueuedBytes -= record.Bytes;
            return;
        }

        if (result.Verdict != Verdict.Done)
        {
            Subscription.LastError = new LastError(now, record.Name, result.Status, result.Message ?? "");
            parts.Pending.MarkProgress(Subscription);
        }

        Judge(delivery, result, now);
        if (Destination.IsGivenUp(now))
        {
            Stop(SubscriptionState.Suspended, "nothing succeeded for 5 days");
        }
    }

    /// <summary>A delivery that was taken is too old to be sent.</summary>
    public void Skip(Delivery delivery, DateTimeOffset now)
    {
        Subscription.ExpiredCount++;
        parts.Diagnostics.CountExpired(Subscription.Feature);
        parts.Pending.MarkProgress(Subscription);
        parts.Pending.CountOutcome(now);
        AddTry(delivery, Verdict.Expired, status: null, message: null, now, TimeSpan.Zero);
        deliveries.Settle(delivery, now);
    }

    // Nobody at the destination may have the record. That says nothing about the destination.
    private void Forgo(Delivery delivery, DateTimeOffset now)
    {
        if (lane.IsRemoved)
        {
            parts.QueuedBytes -= delivery.Record!.Bytes;
        }
        else
        {
            deliveries.Settle(delivery, now);
        }
    }

    private void Judge(Delivery delivery, DeliveryResult result, DateTimeOffset now)
    {
        switch (result.Verdict)
        {
            case Verdict.Done:
                var cause = Destination.Probe == delivery && Destination.Cause != delivery ? Destination.Cause : null;
                var hadError = Destination.Since is not null;
                Destination.Succeed(delivery);
                deliveries.Settle(delivery, now);
                cause?.Lane!.Outcomes.Blame(cause, now);
                if (hadError)
                {
                    parts.Pending.MarkProgress(Subscription);
                }

                break;
            case Verdict.Failed:
            case Verdict.Down when IsAtFault(delivery, result):
                Destination.Fail(delivery, Subscription.Plan.Failures, now);
                CountAttempt(delivery, now);
                break;
            case Verdict.Down:
                Destination.GoDown(delivery, result.Reason ?? "down", result.RetryAfter, now);
                deliveries.Return(delivery);
                break;
            case Verdict.Gone:
                deliveries.Return(delivery);
                Stop(SubscriptionState.Gone, "the recipient wants nothing any more");
                break;
            default:
                throw new InvalidOperationException($"{result.Verdict} is not the verdict of an answer.");
        }
    }

    // With strict order no other record can show whose fault it is.
    private bool IsAtFault(Delivery delivery, DeliveryResult result) =>
        lane.IsStrict && result.Status is not null && Destination.Probe == delivery
        && Destination.Cause == delivery && Destination.ProbeCount + 1 >= Lanes.Destination.StrictProbesMax;

    /// <summary>Another record was taken, so the answer that brought the destination down counts.</summary>
    private void Blame(Delivery delivery, DateTimeOffset now)
    {
        if (delivery.State is DeliveryState.Queued or DeliveryState.Held && delivery.Record is not null)
        {
            deliveries.Take(delivery);
            delivery.State = DeliveryState.Running;
            CountAttempt(delivery, now);
        }
    }

    private void CountAttempt(Delivery delivery, DateTimeOffset now)
    {
        delivery.Attempts++;
        if (delivery.Attempts >= RetrySchedule.AttemptsMax)
        {
            deliveries.GiveUp(delivery, now);
            if (parts.Room.IsFullOfDead(Subscription))
            {
                Stop(SubscriptionState.Suspended, "too many deliveries are dead");
            }

            return;
        }

        var next = now + RetrySchedule.DelayAfter(delivery.Attempts, parts.Random);
        if (delivery.Row is { } row)
        {
            deliveries.WaitOn(delivery, row, next);
        }
        else
        {
            deliveries.Wait(delivery, next);
        }
    }

    private void Stop(SubscriptionState state, string reason)
    {
        if (Subscription.State != SubscriptionState.Active)
        {
            return;
        }

        Subscription.State = state;
        parts.Pending.MarkProgress(Subscription);
        Subscription.Lanes.ForEach(static lane => lane.Rewind());
        parts.Diagnostics.Stopped(Subscription.Id, state.ToString().ToLowerInvariant(), reason);
    }

    private void AddTry(
        Delivery delivery, Verdict verdict, int? status, string? message, DateTimeOffset now, TimeSpan duration)
    {
        var record = delivery.Record!;
        var one = new DeliveryTry(
            Subscription.Number, lane.Number, record.Position, record.TimeMs, record.Stream, record.Offset,
            delivery.Tries, verdict, status, message, now, duration);
        parts.Pending.Add(writer => writer.Add(one));
    }
}
