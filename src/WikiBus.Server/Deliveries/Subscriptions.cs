using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Reading;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries;

/// <summary>
/// Creates, changes and lists subscriptions. A change is durable when its task ends, and takes effect then. Safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// A change takes the number of the subscription that its caller has seen. Another one may have the id by then, which
/// is not found. Without a number, the one that has the id is changed.
/// </remarks>
internal sealed class Subscriptions(DeliveryEngine engine, StateDatabase state, EventLog log, TimeProvider time)
{
    private LaneParts Parts => engine.Parts;

    /// <summary>All subscriptions of a feature, by id.</summary>
    public IEnumerable<SubscriptionStatus> List(string feature) => ListAll().Where(one => one.Feature == feature);

    /// <summary>Those of all features, by id.</summary>
    public IReadOnlyList<SubscriptionStatus> ListAll()
    {
        lock (Parts.Lock)
        {
            return [.. engine.Book.All.Select(StatusOf)];
        }
    }

    /// <summary>One subscription of a feature; null if there is none with this id.</summary>
    public SubscriptionStatus? Find(string feature, string id) =>
        Find(id) is { } found && found.Feature == feature ? found : null;

    /// <summary>The subscription of any feature with an id; null if there is none.</summary>
    public SubscriptionStatus? Find(string id)
    {
        lock (Parts.Lock)
        {
            return engine.Book.TryFind(id, out var found) ? StatusOf(found) : null;
        }
    }

    /// <summary>Creates a subscription, or finds the one that has this id and definition.</summary>
    /// <param name="feature">The feature that sends its records.</param>
    /// <param name="id">Its id.</param>
    /// <param name="owner">The id of the key that owns it.</param>
    /// <param name="definition">What the feature keeps.</param>
    /// <param name="start">The position of the first record that it gets; null: the next one.</param>
    /// <param name="countMax">Most subscriptions of the feature that the owner may have.</param>
    /// <param name="isSame">Is a definition the same as the new one?</param>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> CreateAsync(
        string feature, string id, string owner, string definition, long? start, int countMax,
        Func<string, bool> isSame) => InTurnAsync(async () =>
    {
        lock (Parts.Lock)
        {
            if (engine.Book.TryFind(id, out var known))
            {
                var isMine = known.Feature == feature && known.Owner == owner;
                return new SubscriptionChange(
                    isMine && isSame(known.Definition) ? ChangeOutcome.Same : ChangeOutcome.IdTaken, known);
            }
        }

        if (HasAsMany(owner, feature, countMax))
        {
            return new SubscriptionChange(ChangeOutcome.TooMany);
        }

        // A definition that cannot be planned must not be stored, since no start could load it.
        var plan = engine.Features[feature].Plan(definition);
        var now = time.GetUtcNow();
        var position = Math.Min(start ?? log.EndPosition, log.EndPosition);
        var cursor = CursorFinder.At(log, position, now);
        var stored = new StoredSubscription(
            0, id, feature, owner, definition, Version: 1, SubscriptionState.Active, position, now, DownSince: null, 0,
            LastError: null);
        var (number, lane) = (0L, 0L);
        await state.ChangeAsync(
            connection => (number, lane) = SubscriptionTable.Add(connection, stored, log.LogId, cursor));
        var subscription = new Subscription
        {
            Number = number,
            Id = id,
            Feature = feature,
            Owner = owner,
            Definition = definition,
            Plan = plan,
            Version = 1,
            State = SubscriptionState.Active,
            StartPosition = position,
            CreatedAt = now,
        };
        subscription.Lanes.Add(new Lane(lane, subscription, Parts, cursor)
        {
            StartPosition = position,
            StoredCursor = cursor,
        });
        lock (Parts.Lock)
        {
            engine.Book.Add(subscription);
            engine.LanesChanged();
            Parts.Queues.Touch(subscription);
        }

        return new SubscriptionChange(ChangeOutcome.Done, subscription);
    });

    /// <summary>
    /// Replaces the definition. It takes effect at the cursor: what is queued is read again by the new rules, and
    /// waiting and dead deliveries stay.
    /// </summary>
    /// <param name="feature">The feature.</param>
    /// <param name="id">The id of the subscription.</param>
    /// <param name="change">Makes the new definition from the present one.</param>
    /// <param name="owner">The new owner; null: the same.</param>
    /// <param name="version">The version that it must have; null: any.</param>
    /// <param name="seen">See <see cref="ChangeAsync"/>.</param>
    /// <param name="countMax">Most subscriptions of the feature that the new owner may have.</param>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> ReplaceAsync(
        string feature, string id, Func<string, string> change, string? owner = null, long? version = null,
        SubscriptionStatus? seen = null, int countMax = int.MaxValue) =>
        ChangeAsync(feature, id, seen, async subscription =>
    {
        if (version is { } wanted && subscription.Version != wanted)
        {
            return new SubscriptionChange(ChangeOutcome.OtherVersion, subscription);
        }

        var newOwner = owner ?? subscription.Owner;
        if (newOwner != subscription.Owner && HasAsMany(newOwner, feature, countMax))
        {
            return new SubscriptionChange(ChangeOutcome.TooMany, subscription);
        }

        var definition = change(subscription.Definition);
        var plan = engine.Features[feature].Plan(definition);
        await StoreAsync(subscription, newOwner, definition, () =>
        {
            subscription.Lanes.ForEach(static lane => lane.Rewind());
            Parts.Room.ChangeOwner(subscription, newOwner);
            subscription.Plan = plan;
            subscription.Destination.Reset();
            engine.LanesChanged();
            Parts.Queues.Touch(subscription);
        });
        return new SubscriptionChange(ChangeOutcome.Done, subscription);
    });

    /// <summary>
    /// Changes what the feature keeps, and not what it plans. Requests that begin later use it. Nothing is read again,
    /// and the state stays.
    /// </summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> RedefineAsync(
        string feature, string id, Func<string, string> change, long? version = null,
        SubscriptionStatus? seen = null) => ChangeAsync(feature, id, seen, async subscription =>
    {
        if (version is { } wanted && subscription.Version != wanted)
        {
            return new SubscriptionChange(ChangeOutcome.OtherVersion, subscription);
        }

        await StoreAsync(subscription, subscription.Owner, change(subscription.Definition));
        return new SubscriptionChange(ChangeOutcome.Done, subscription);
    });

    /// <summary>Deletes a subscription with its waiting and dead deliveries, and counts these.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> DeleteAsync(string feature, string id, SubscriptionStatus? seen = null) =>
        ChangeAsync(feature, id, seen, async subscription =>
    {
        await state.ChangeAsync(connection => SubscriptionTable.Delete(connection, subscription.Number));
        lock (Parts.Lock)
        {
            var counts = subscription.Counts;
            var dropped = counts.Waiting + counts.Dead;
            subscription.Lanes.ToList().ForEach(static lane => lane.Remove());
            Parts.Room.RemoveWaiting(subscription, counts.WaitingBytes, counts.Waiting);
            Parts.Room.RemoveDead(subscription, counts.DeadBytes, counts.Dead);
            Parts.Pending.Forget(subscription);
            engine.Book.Remove(subscription);
            engine.LanesChanged();
            return new SubscriptionChange(ChangeOutcome.Done, subscription, dropped);
        }
    });

    /// <summary>Sends nothing more until <see cref="ResumeAsync"/>. Requests that run may end.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> PauseAsync(string feature, string id, SubscriptionStatus? seen = null) =>
        ChangeAsync(feature, id, seen, async subscription =>
    {
        await SetStateAsync(subscription, SubscriptionState.Paused, skippedTo: null);
        return new SubscriptionChange(ChangeOutcome.Done, subscription);
    });

    /// <summary>
    /// Sends again, from any state. From the cursor on, or from the end of the log on: then the positions between are
    /// skipped, and counted. Waiting deliveries stay.
    /// </summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> ResumeAsync(
        string feature, string id, bool fromNow, SubscriptionStatus? seen = null) =>
        ChangeAsync(feature, id, seen, async subscription =>
    {
        var end = log.EndPosition;
        var skipped = fromNow ? Math.Max(0, end - CursorOf(subscription).Position) : 0;
        await SetStateAsync(subscription, SubscriptionState.Active, skipped > 0 ? end : null);
        return new SubscriptionChange(ChangeOutcome.Done, subscription, skipped);
    });

    /// <summary>Sends a range of the log again, beside the live deliveries.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="id">The id of the subscription.</param>
    /// <param name="from">The first position.</param>
    /// <param name="end">The position after the last one; null, or beyond the cursor: the cursor.</param>
    /// <param name="seen">See <see cref="ChangeAsync"/>.</param>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SubscriptionChange> ReplayAsync(
        string feature, string id, long from, long? end, SubscriptionStatus? seen = null) =>
        ChangeAsync(feature, id, seen, async subscription =>
    {
        if (subscription.Replay is not null)
        {
            return new SubscriptionChange(ChangeOutcome.ReplayRuns, subscription);
        }

        var to = Math.Min(end ?? long.MaxValue, CursorOf(subscription).Position);
        var cursor = CursorFinder.At(log, Math.Max(from, log.FirstPosition), time.GetUtcNow());
        if (cursor.Position >= to)
        {
            return new SubscriptionChange(ChangeOutcome.Done, subscription);
        }

        var number = 0L;
        await state.ChangeAsync(connection => number = SubscriptionTable.AddLane(
            connection, subscription.Number, log.LogId, cursor, to));
        lock (Parts.Lock)
        {
            subscription.Lanes.Add(new Lane(number, subscription, Parts, cursor)
            {
                StartPosition = cursor.Position,
                EndPosition = to,
                StoredCursor = cursor,
            });
            Parts.Queues.Touch(subscription);
        }

        return new SubscriptionChange(ChangeOutcome.Done, subscription, to - cursor.Position);
    });

    /// <summary>Ends the replay that runs, and drops what of it waits.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public async Task<SubscriptionChange> CancelReplayAsync(
        string feature, string id, SubscriptionStatus? seen = null)
    {
        var change = await ChangeAsync(feature, id, seen, subscription => Task.FromResult(CancelReplay(subscription)));

        // A turn begins with a commit of what is pending.
        return await InTurnAsync(() => Task.FromResult(change));
    }

    /// <summary>The rights of an owner changed. If its key was revoked, its subscriptions send nothing more.</summary>
    public void OwnerChanged(string owner)
    {
        lock (Parts.Lock)
        {
            foreach (var subscription in engine.Book.All.Where(one => one.Owner == owner))
            {
                if (!Parts.Owners.Exists(owner))
                {
                    subscription.Lanes.ForEach(static lane => lane.Rewind());
                }

                Parts.Queues.Touch(subscription);
            }
        }
    }

    // The change goes the way of outcomes, so that it is stored after those of the lane that came before.
    private SubscriptionChange CancelReplay(Subscription subscription)
    {
        lock (Parts.Lock)
        {
            if (subscription.Replay is not { } lane)
            {
                return new SubscriptionChange(ChangeOutcome.NotFound, subscription);
            }

            var (count, bytes) = (lane.Deliveries.WaitingCount, lane.Deliveries.WaitingBytes);
            lane.Remove();
            Parts.Room.RemoveWaiting(subscription, bytes, count);
            Parts.Pending.Add(writer => writer.RemoveLane(lane.Number));
            return new SubscriptionChange(ChangeOutcome.Done, subscription, count);
        }
    }

    private LaneCursor CursorOf(Subscription subscription)
    {
        lock (Parts.Lock)
        {
            return subscription.Live.Cursor;
        }
    }

    private bool HasAsMany(string owner, string feature, int countMax)
    {
        lock (Parts.Lock)
        {
            return engine.Book.All.Count(one => one.Feature == feature && one.Owner == owner) >= countMax;
        }
    }

    /// <summary>
    /// Stores a definition, and then changes the memory under the lock. Without such a change, the destination is the
    /// same, and so is what is known about it.
    /// </summary>
    private async Task StoreAsync(Subscription subscription, string owner, string definition, Action? apply = null)
    {
        var next = subscription.Version + 1;
        await state.ChangeAsync(connection => SubscriptionTable.Replace(
            connection, subscription.Number, owner, definition, next, isOtherDestination: apply is not null));
        lock (Parts.Lock)
        {
            (subscription.Definition, subscription.Version) = (definition, next);
            apply?.Invoke();
        }
    }

    private async Task SetStateAsync(Subscription subscription, SubscriptionState newState, long? skippedTo)
    {
        var now = time.GetUtcNow();
        var cursor = CursorOf(subscription);
        LaneCursor? next = skippedTo is { } position ? CursorFinder.At(log, position, now) : null;
        await state.ChangeAsync(connection =>
        {
            using var writer = new DeliveryWriter(connection);
            writer.SetProgress(new SubscriptionProgress(
                subscription.Number, newState, DownSince: null, subscription.ExpiredCount, subscription.LastError));
            if (next is { } to)
            {
                writer.AddRange(subscription.Number, log.LogId, cursor.Position, to.Position, "skipped", now);
                writer.SetCursor(subscription.Live.Number, log.LogId, to);
            }
        });
        lock (Parts.Lock)
        {
            subscription.State = newState;
            subscription.Destination.Reset();
            if (next is { } to)
            {
                subscription.Live.Jump(to);
            }
            else if (newState != SubscriptionState.Active)
            {
                subscription.Lanes.ForEach(static lane => lane.Rewind());
            }

            Parts.Queues.Touch(subscription);
        }
    }

    /// <param name="feature">The feature.</param>
    /// <param name="id">The id of the subscription.</param>
    /// <param name="seen">
    /// What the caller decided upon; null: nothing. Another subscription that has the id meanwhile is not changed, nor
    /// one that has another owner.
    /// </param>
    /// <param name="change">Changes it.</param>
    private Task<SubscriptionChange> ChangeAsync(
        string feature, string id, SubscriptionStatus? seen, Func<Subscription, Task<SubscriptionChange>> change)
    {
        engine.MarkCursors(id);
        return InTurnAsync(async () =>
        {
            Subscription? subscription;
            lock (Parts.Lock)
            {
                if (!engine.Book.TryFind(id, out subscription) || subscription.Feature != feature
                    || (seen is not null && (subscription.Number, subscription.Owner) != (seen.Number, seen.Owner)))
                {
                    return new SubscriptionChange(ChangeOutcome.NotFound);
                }
            }

            return await change(subscription);
        });
    }

    private Task<SubscriptionChange> InTurnAsync(Func<Task<SubscriptionChange>> change) =>
        engine.Committer.InTurnAsync(change);

    private SubscriptionStatus StatusOf(Subscription subscription) =>
        SubscriptionStatus.Of(subscription, Parts.Owners, log.EndPosition, time.GetUtcNow());
}
