using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.DeadLetters;

/// <summary>
/// Lists dead deliveries, replays and drops them. Long work is done in steps, and other work goes between. Safe for
/// concurrent use.
/// </summary>
internal sealed class DeadLetterStore(
    Committer committer, StateDatabase state, LaneParts parts, SubscriptionBook book, DeliveriesDiagnostics diagnostics)
{
    /// <summary>Most deliveries that one transaction replays or drops.</summary>
    private const int StepRowsMax = 500;

    /// <summary>A page of dead deliveries, by subscription, and the one that died first at the beginning.</summary>
    /// <param name="isWanted">Of which subscriptions.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="after">The last one of the page before; null: from the beginning.</param>
    /// <param name="limit">Most of a page.</param>
    /// <exception cref="StateException">They cannot be read.</exception>
    public async Task<DeadLetterPage> ListAsync(
        Func<Subscription, bool> isWanted, DeadFilter filter, (long Subscription, DeadPlace Place)? after, int limit)
    {
        var found = new List<FoundLetter>();
        foreach (var (subscription, lane) in FindLanes(isWanted))
        {
            if (subscription.Number < after?.Subscription)
            {
                continue;
            }

            var place = subscription.Number == after?.Subscription ? after?.Place : null;
            var missing = limit - found.Count;
            var letters = await committer.InTurnAsync(() => state.ReadAsync(
                connection => DeadTable.Read(connection, lane, filter, place, missing + 1)));
            found.AddRange(letters.Take(missing).Select(letter => new FoundLetter(subscription, letter)));
            if (letters.Count > missing)
            {
                return new DeadLetterPage(found, HasMore: true);
            }
        }

        return new DeadLetterPage(found, HasMore: false);
    }

    /// <summary>One dead delivery; null: there is no such one.</summary>
    /// <param name="isWanted">Of which subscriptions.</param>
    /// <param name="number">Its number.</param>
    /// <exception cref="StateException">It cannot be read.</exception>
    public Task<DeadLetterContent?> FindAsync(Func<Subscription, bool> isWanted, long number) =>
        committer.InTurnAsync(async () =>
        {
            var lane = await state.ReadAsync(connection => DeadTable.FindLane(connection, number));
            if (FindLanes(isWanted).Find(live => live.Lane == lane) is not { Subscription: { } subscription })
            {
                return null;
            }

            return await state.ReadAsync(connection =>
            {
                var filter = new DeadFilter(Number: number);
                var letter = DeadTable.Read(connection, lane!.Value, filter, after: null, 1).Single();
                var (type, payload, channel, wiki) = DeadTable.ReadPayload(connection, number);
                return new DeadLetterContent(new FoundLetter(subscription, letter), type, payload, channel, wiki);
            });
        });

    /// <summary>
    /// Lets dead deliveries wait again, due now, until as many wait as <see cref="DeliveriesOptions.WaitingMax"/>
    /// allows.
    /// </summary>
    /// <param name="isWanted">Of which subscriptions.</param>
    /// <param name="filter">Which ones. Those that die from now on are not among them.</param>
    /// <exception cref="StateException">The rest could not be stored.</exception>
    public async Task<DeadLetterCount> ReplayAsync(Func<Subscription, bool> isWanted, DeadFilter filter)
    {
        var (taken, left, known) = (0L, 0L, Until(filter, parts.Now));
        foreach (var live in FindLanes(isWanted))
        {
            taken += await InStepsAsync(() => ReplayStepAsync(live, known));
            left += await committer.InTurnAsync(() => state.ReadAsync(
                connection => DeadTable.Count(connection, live.Lane, known)));
        }

        return new DeadLetterCount(taken, left);
    }

    /// <summary>Removes dead deliveries, and counts them. The history keeps that they were dropped.</summary>
    /// <param name="isWanted">Of which subscriptions.</param>
    /// <param name="filter">Which ones. Those that die from now on are not among them.</param>
    /// <param name="message">Why, for the history.</param>
    /// <exception cref="StateException">The rest could not be stored.</exception>
    public async Task<long> DropAsync(Func<Subscription, bool> isWanted, DeadFilter filter, string message)
    {
        var (dropped, known) = (0L, Until(filter, parts.Now));
        foreach (var live in FindLanes(isWanted))
        {
            dropped += await InStepsAsync(() => DropStepAsync(live, known, message));
        }

        return dropped;
    }

    /// <summary>Removes the dead deliveries that are older than <see cref="DeliveriesOptions.DeadAgeMax"/>.</summary>
    /// <exception cref="StateException">The rest could not be stored.</exception>
    public async Task DropOldAsync()
    {
        if (parts.Options.DeadAgeMax is not { } age)
        {
            return;
        }

        var filter = new DeadFilter(Until: parts.Now - age);
        foreach (var live in FindLanes(static _ => true))
        {
            var dropped = await InStepsAsync(
                () => DropStepAsync(live, filter, "It was dead for longer than Deliveries:DeadAgeMax."));
            if (dropped > 0)
            {
                diagnostics.DeadAged(dropped, live.Subscription.Id);
            }
        }
    }

    private static DeadFilter Until(DeadFilter filter, DateTimeOffset now) =>
        filter.Until < now ? filter : filter with { Until = now };

    // All dead deliveries are of live lanes.
    private List<LiveLane> FindLanes(Func<Subscription, bool> isWanted)
    {
        lock (parts.Lock)
        {
            return
            [
                .. book.All.Where(one => one.Counts.Dead > 0 && isWanted(one))
                    .OrderBy(static one => one.Number)
                    .Select(static one => new LiveLane(one, one.Live.Number)),
            ];
        }
    }

    private async Task<long> InStepsAsync(Func<Task<int>> step)
    {
        var sum = 0L;
        for (var count = StepRowsMax; count == StepRowsMax; sum += count)
        {
            count = await committer.InTurnAsync(step);
        }

        return sum;
    }

    private async Task<int> ReplayStepAsync(LiveLane live, DeadFilter filter)
    {
        var (subscription, now) = (live.Subscription, parts.Now);
        int room;
        lock (parts.Lock)
        {
            room = parts.Options.WaitingMax - subscription.Counts.Waiting;
            if (!book.Contains(subscription) || room <= 0)
            {
                return 0;
            }
        }

        var limit = Math.Min(room, StepRowsMax);
        var sum = default(DeadSum);
        await state.ChangeAsync(connection => sum = DeadTable.Replay(connection, live.Lane, filter, limit, now));
        lock (parts.Lock)
        {
            parts.Room.RemoveDead(subscription, sum.Bytes, sum.Count);
            parts.Room.AddWaiting(subscription, sum.Bytes, sum.Count);
            subscription.Live.Deliveries.Restore(line: 0, sum.Count, sum.Bytes);
            subscription.Live.Deliveries.Rows.DueAt(now);
            parts.Queues.Touch(subscription.Live);
        }

        return sum.Count;
    }

    private async Task<int> DropStepAsync(LiveLane live, DeadFilter filter, string message)
    {
        var subscription = live.Subscription;
        lock (parts.Lock)
        {
            if (!book.Contains(subscription))
            {
                return 0;
            }
        }

        var note = new DropNote(subscription.Number, message, parts.Now);
        var sum = default(DeadSum);
        await state.ChangeAsync(connection => sum = DeadTable.Drop(connection, live.Lane, filter, StepRowsMax, note));
        lock (parts.Lock)
        {
            parts.Room.RemoveDead(subscription, sum.Bytes, sum.Count);
        }

        diagnostics.CountDropped(subscription.Feature, sum.Count);
        return sum.Count;
    }

    private sealed record LiveLane(Subscription Subscription, long Lane);
}

/// <summary>A dead delivery and its subscription.</summary>
internal sealed record FoundLetter(Subscription Subscription, DeadLetter Letter);

/// <summary>A page of a list.</summary>
internal sealed record DeadLetterPage(IReadOnlyList<FoundLetter> Letters, bool HasMore);

/// <summary>A dead delivery with its payload, and what decides who may read it.</summary>
internal sealed record DeadLetterContent(
    FoundLetter Found, string ContentType, byte[] Payload, byte[] Channel, byte[] Wiki);

/// <summary>How many were replayed, and how many were left for lack of room.</summary>
internal sealed record DeadLetterCount(long Replayed, long Left);
