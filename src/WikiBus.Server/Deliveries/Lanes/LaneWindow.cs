using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// The deliveries of a lane from its cursor on, in the order of the log. The cursor moves over those that are settled.
/// Belongs to the engine's lock.
/// </summary>
internal sealed class LaneWindow
{
    private readonly Queue<Delivery> _deliveries = [];

    /// <summary>Deliveries above the cursor that the reader has to pass again, by position.</summary>
    private readonly Dictionary<long, Carried> _carried = [];

    private LaneCursor _read;

    public LaneWindow(LaneCursor start) => _read = start;

    /// <summary>Everything below is settled, or does not match.</summary>
    public LaneCursor Cursor => _deliveries.TryPeek(out var first) ? new(first.Position, first.TimeBelowMs) : _read;

    /// <summary>Where the reader is. Set it when records that do not match were passed.</summary>
    public LaneCursor Read
    {
        get => _read;
        set
        {
            _read = value;
            ForgetBelow(value.Position);
        }
    }

    /// <summary>Deliveries in memory that are not settled.</summary>
    public int UnsettledCount { get; private set; }

    /// <summary>Settled deliveries above the cursor.</summary>
    public int AheadCount => _deliveries.Count - UnsettledCount;

    /// <summary>The delivery at the cursor; null: there is none.</summary>
    public Delivery? First => _deliveries.TryPeek(out var first) ? first : null;

    /// <summary>Has the window no delivery?</summary>
    public bool HasNone => _deliveries.Count == 0;

    /// <summary>Has the window no delivery, and none that runs since before a reset?</summary>
    public bool IsEmpty => _deliveries.Count == 0 && _carried.Count == 0;

    /// <summary>What was known about deliveries above the cursor when the process started.</summary>
    public void Carry(long position, long timeMs, int tries, bool isSettled) =>
        _carried[position] = new Carried(timeMs, tries, isSettled, Running: null);

    /// <summary>
    /// Finds what is known about a record that is read again. Its place in the window is taken if it is settled, or if
    /// its request still runs.
    /// </summary>
    /// <param name="position">The record's position.</param>
    /// <param name="timeMs">The record's append time: another record may have had this position.</param>
    /// <param name="tries">The earlier tries of the delivery.</param>
    /// <returns>Whether there is nothing to deliver.</returns>
    public bool TryPassCarried(long position, long timeMs, out int tries)
    {
        tries = 0;
        if (!_carried.Remove(position, out var carried) || carried.TimeMs != timeMs)
        {
            return false;
        }

        tries = carried.Tries;
        if (carried.Running is { State: not DeliveryState.Settled } running)
        {
            _deliveries.Enqueue(running);
            UnsettledCount++;
            return true;
        }

        if (carried.IsSettled || carried.Running is not null)
        {
            _deliveries.Enqueue(new Delivery(position, timeMs) { TimeBelowMs = _read.TimeMs });
            return true;
        }

        return false;
    }

    /// <summary>Adds a delivery that is not settled.</summary>
    public void Add(Delivery delivery)
    {
        _deliveries.Enqueue(delivery);
        UnsettledCount++;
    }

    /// <summary>A delivery was settled. If it is of the window, the cursor moves.</summary>
    public void Settled(Delivery delivery)
    {
        if (_carried.TryGetValue(delivery.Position, out var carried) && carried.Running == delivery)
        {
            _carried[delivery.Position] = carried with { IsSettled = true };
            ForgetBelow(_read.Position);
            return;
        }

        UnsettledCount--;
        Advance();
    }

    /// <summary>
    /// A request that began before a reset brought no outcome. If the reader has not come to its record again, the
    /// record is delivered when it does. If the reader has passed the record, nobody wants it any more.
    /// </summary>
    /// <returns>Whether the delivery has left the window.</returns>
    public bool TryUnsettle(Delivery delivery)
    {
        if (!_carried.TryGetValue(delivery.Position, out var carried) || carried.Running != delivery)
        {
            return false;
        }

        _carried[delivery.Position] = carried with { Running = null, Tries = delivery.Tries };
        ForgetBelow(_read.Position);
        return true;
    }

    /// <summary>Moves the cursor over what is settled.</summary>
    public void Advance()
    {
        while (_deliveries.TryPeek(out var first) && first.State == DeliveryState.Settled)
        {
            _deliveries.Dequeue();
        }
    }

    /// <summary>
    /// Drops deliveries that are queued, so that they are read again from the cursor on. What is settled or running is
    /// remembered.
    /// </summary>
    /// <returns>The deliveries that were dropped.</returns>
    public List<Delivery> Reset()
    {
        var cursor = Cursor;
        var dropped = new List<Delivery>();
        foreach (var delivery in _deliveries)
        {
            var isDropped = delivery.State is DeliveryState.Queued or DeliveryState.Held;
            _carried[delivery.Position] = new Carried(
                delivery.TimeMs, delivery.Tries, delivery.State == DeliveryState.Settled, isDropped ? null : delivery);
            if (isDropped)
            {
                dropped.Add(delivery);
            }
        }

        // They ran at an earlier reset, and have failed since without room to wait.
        foreach (var (position, carried) in _carried.ToList())
        {
            if (carried.Running is { State: DeliveryState.Held } held)
            {
                _carried[position] = carried with { Running = null, Tries = held.Tries };
                dropped.Add(held);
            }
        }

        _deliveries.Clear();
        UnsettledCount = 0;
        _read = cursor;
        return dropped;
    }

    /// <summary>Goes to a later place. Of what is skipped, only running requests are remembered.</summary>
    public void Jump(LaneCursor to) => Read = to;

    /// <summary>The deliveries of before a reset whose requests run.</summary>
    public IEnumerable<Delivery> CarriedRunning => _carried.Values
        .Select(static carried => carried.Running)
        .OfType<Delivery>()
        .Where(static delivery => delivery.State == DeliveryState.Running);

    // The reader passed these records: they were skipped, or new rules do not match them.
    private void ForgetBelow(long below)
    {
        foreach (var (position, carried) in _carried)
        {
            if (position < below && carried.Running is null or { State: DeliveryState.Settled })
            {
                _carried.Remove(position);
            }
        }
    }

    private sealed record Carried(long TimeMs, int Tries, bool IsSettled, Delivery? Running);
}
