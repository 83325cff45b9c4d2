using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// Outcomes that are not in the database yet. They are committed together, in their order. Belongs to the engine's
/// lock.
/// </summary>
internal sealed class PendingChanges
{
    private readonly HashSet<Lane> _movedCursors = [];
    private readonly HashSet<Subscription> _progress = [];
    private PendingBatch _next = new();

    /// <summary>Outcomes of requests that are not committed, also those that are being committed now.</summary>
    public int OutcomeCount { get; private set; }

    /// <summary>When the oldest of them came; null: there are none.</summary>
    public DateTimeOffset? OldestAt { get; private set; }

    /// <summary>Is there more than moved cursors?</summary>
    public bool HasOutcomes => _next.Changes.Count > 0 || _progress.Count > 0;

    public bool IsEmpty => _next.Changes.Count == 0 && _movedCursors.Count == 0 && _progress.Count == 0;

    /// <summary>Adds a change of the database.</summary>
    public void Add(Action<DeliveryWriter> change) => _next.Changes.Add(change);

    /// <summary>Does something under the engine's lock when all changes so far are committed.</summary>
    public void WhenCommitted(Action action) => _next.WhenCommitted.Add(action);

    /// <summary>Counts a request whose outcome is among the changes.</summary>
    public void CountOutcome(DateTimeOffset now)
    {
        OutcomeCount++;
        _next.OutcomeCount++;
        OldestAt ??= now;
        _next.OldestAt ??= now;
    }

    /// <summary>The cursor of a lane is to be stored.</summary>
    public void MarkCursor(Lane lane) => _movedCursors.Add(lane);

    /// <summary>State, error and counts of a subscription are to be stored.</summary>
    public void MarkProgress(Subscription subscription) => _progress.Add(subscription);

    /// <summary>A lane has ended: nothing more of it is stored.</summary>
    public void Forget(Lane lane) => _movedCursors.Remove(lane);

    /// <summary>A subscription is deleted: nothing more of it is stored.</summary>
    public void Forget(Subscription subscription) => _progress.Remove(subscription);

    /// <summary>Takes all changes, with the cursors as they are now.</summary>
    public PendingBatch Take(string log)
    {
        var batch = _next;
        foreach (var lane in _movedCursors)
        {
            var (number, cursor) = (lane.Number, lane.Cursor);
            lane.StoredCursor = cursor;
            batch.Changes.Add(writer => writer.SetCursor(number, log, cursor));
        }

        foreach (var subscription in _progress)
        {
            var progress = new SubscriptionProgress(
                subscription.Number, subscription.State, subscription.Destination.Since, subscription.ExpiredCount,
                subscription.LastError);
            batch.Changes.Add(writer => writer.SetProgress(progress));
        }

        _movedCursors.Clear();
        _progress.Clear();
        _next = new PendingBatch();
        return batch;
    }

    /// <summary>A batch is committed.</summary>
    public void Committed(PendingBatch batch)
    {
        OutcomeCount -= batch.OutcomeCount;
        OldestAt = _next.OldestAt;
        batch.WhenCommitted.ForEach(static action => action());
    }

    /// <summary>A batch could not be committed: it is tried again, before what came meanwhile.</summary>
    public void Return(PendingBatch batch)
    {
        batch.Changes.AddRange(_next.Changes);
        batch.WhenCommitted.AddRange(_next.WhenCommitted);
        batch.OutcomeCount += _next.OutcomeCount;
        batch.OldestAt ??= _next.OldestAt;
        _next = batch;
    }
}
