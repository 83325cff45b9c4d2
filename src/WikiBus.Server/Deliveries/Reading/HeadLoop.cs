using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Reading;

/// <summary>
/// Reads each new record once, for all lanes that are up to date. A lane that cannot take a record falls behind, and is
/// read by <see cref="CatchUpReaders"/>; when it has reached the head, it joins again.
/// </summary>
internal sealed class HeadLoop(EventLog log, LaneParts parts, DeliveriesDiagnostics diagnostics)
{
    private readonly List<Lane> _joining = [];
    private readonly HashSet<Lane> _found = [];
    private RuleIndex<Lane> _index = IndexOf([]);
    private IReadOnlyList<Lane> _lanes = [];
    private bool _isIndexOld;
    private int _attachedCount;

    /// <summary>
    /// Rules with filters that were evaluated for new records since the start; for metrics and tests.
    /// </summary>
    public long EvaluatedCount { get; private set; }

    /// <summary>Sets the live lanes of all subscriptions, or their rules. Under the engine's lock.</summary>
    public void SetLanes(IReadOnlyList<Lane> lanes) => (_lanes, _isIndexOld) = (lanes, true);

    /// <summary>
    /// A lane has been read up to the head, and wants to join. Under the engine's lock. The next turn takes it if it is
    /// still exactly there.
    /// </summary>
    public void Join(Lane lane)
    {
        lane.IsJoining = true;
        _joining.Add(lane);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var batch = new RecordBatch();
        LogReader? reader = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var place = BeginTurn();
                reader ??= log.OpenReader(place.Position);
                reader.Position = place.Position;
                if (_attachedCount == 0 || !TryRead(reader, batch))
                {
                    await log.WaitAsync(place.Position, cancellationToken);
                    if (log.EndPosition <= place.Position)
                    {
                        return; // The log has stopped.
                    }

                    continue;
                }

                Dispatch(batch, reader.Position);
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    /// <summary>Takes the lanes that join. Without any lane the head jumps to the end of the log.</summary>
    private LaneCursor BeginTurn()
    {
        lock (parts.Lock)
        {
            foreach (var lane in _joining)
            {
                if (lane.IsJoining && lane.WantsMore && lane.ReadPlace.Position == parts.Head.Position)
                {
                    // Nothing was read while no lane was attached: the time of the head is of no record then.
                    var timeMs = Math.Min(parts.Head.TimeMs, lane.ReadPlace.TimeMs);
                    parts.Head = parts.Head with { TimeMs = timeMs };
                    lane.Attach();
                }

                lane.IsJoining = false;
                parts.Queues.Touch(lane);
            }

            _joining.Clear();
            _attachedCount = _lanes.Count(static lane => lane.IsAttached);
            if (_attachedCount == 0)
            {
                parts.Head = new LaneCursor(log.EndPosition, parts.Now.ToUnixTimeMilliseconds());
            }

            if (_isIndexOld)
            {
                _index = IndexOf(_lanes);
                _isIndexOld = false;
            }

            return parts.Head;
        }
    }

    private static RuleIndex<Lane> IndexOf(IEnumerable<Lane> lanes) =>
        new(lanes, static lane => lane.Subscription.Plan.Rules);

    // A place that cannot be read stops nobody here. Each lane that needs it meets it by its own reader.
    private bool TryRead(LogReader reader, RecordBatch batch)
    {
        try
        {
            return reader.Read(batch);
        }
        catch (Exception exception) when (exception is LogDamagedException or IOException)
        {
            diagnostics.RecordDamaged(exception);
            lock (parts.Lock)
            {
                foreach (var lane in _lanes.Where(static lane => lane.IsAttached))
                {
                    lane.Detach(parts.Head);
                    parts.Queues.Touch(lane);
                }
            }

            return false;
        }
    }

    private void Dispatch(RecordBatch batch, long next)
    {
        var offers = new List<(Lane Lane, DeliveryRecord Record, long TimeBelowMs)>();
        var timeBelowMs = parts.Head.TimeMs;
        foreach (var record in batch.Records)
        {
            _found.Clear();
            _index.Find(record, static lane => lane.IsAttached, _found);
            if (_found.Count > 0)
            {
                var copy = DeliveryRecord.Of(record);
                foreach (var lane in _found)
                {
                    offers.Add((lane, copy, timeBelowMs));
                }
            }

            timeBelowMs = record.TimeMs;
        }

        EvaluatedCount = _index.EvaluatedCount;
        lock (parts.Lock)
        {
            foreach (var (lane, record, below) in offers)
            {
                Offer(lane, record, below);
            }

            parts.Head = new LaneCursor(next, timeBelowMs);
        }
    }

    private void Offer(Lane lane, DeliveryRecord record, long timeBelowMs)
    {
        // Rules that changed meanwhile have detached the lane.
        if (!lane.IsAttached)
        {
            return;
        }

        if (lane.WantsMore)
        {
            lane.Offer(record, timeBelowMs);
        }
        else
        {
            lane.Detach(new LaneCursor(record.Position, timeBelowMs));
        }

        parts.Queues.Touch(lane);
    }
}
