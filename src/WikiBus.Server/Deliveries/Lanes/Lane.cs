using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// The way of a subscription's records from the log to a destination: from the cursor on, or a range of the log that is
/// replayed. Holds what was read and is not settled. Belongs to the engine's lock.
/// </summary>
internal sealed class Lane
{
    private readonly LaneParts _parts;
    private readonly LaneWindow _window;

    /// <param name="number">Its number in the database.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="parts">What all lanes share.</param>
    /// <param name="cursor">Where it begins to read.</param>
    public Lane(long number, Subscription subscription, LaneParts parts, LaneCursor cursor)
    {
        Number = number;
        Subscription = subscription;
        _parts = parts;
        _window = new LaneWindow(cursor);
        Deliveries = new LaneDeliveries(this, _window, parts);
        Outcomes = new LaneOutcomes(this, Deliveries, parts);
        Sending = new LaneSending(this, Deliveries, Outcomes, parts);
    }

    public long Number { get; }

    public Subscription Subscription { get; }

    /// <summary>What it holds.</summary>
    public LaneDeliveries Deliveries { get; }

    /// <summary>Chooses what is sent.</summary>
    public LaneSending Sending { get; }

    /// <summary>Judges the outcomes.</summary>
    public LaneOutcomes Outcomes { get; }

    public bool IsStrict => Subscription.Plan.Order == RecordOrder.Strict;

    /// <summary>Most requests at once, of all lanes of the subscription.</summary>
    public int Concurrency => IsStrict ? 1 : Subscription.Plan.Concurrency;

    /// <summary>The first position of a replay.</summary>
    public long StartPosition { get; init; }

    /// <summary>The position at which a replay ends; null: it is the live lane, which never ends.</summary>
    public long? EndPosition { get; init; }

    /// <summary>Does the loop at the head offer it each new record?</summary>
    public bool IsAttached { get; private set; }

    /// <summary>Is it read, or waiting to be read, because it is behind?</summary>
    public bool IsCatchingUp { get; set; }

    /// <summary>Does it wait at the head, for the next turn of the loop there?</summary>
    public bool IsJoining { get; set; }

    /// <summary>The queue of lanes that may have something to send, in which it is; null: in none.</summary>
    public Queue<Lane>? ReadyIn { get; set; }

    /// <summary>Was it deleted? Requests that still run change nothing then.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>Changes when it begins to read at another place: what was read before is dropped.</summary>
    public int Epoch { get; private set; }

    /// <summary>A reader met damage: it is not read before this time.</summary>
    public DateTimeOffset ReadableAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Everything below is settled, or does not match.</summary>
    public LaneCursor Cursor => IsAttached && _window.HasNone ? _parts.Head : _window.Cursor;

    /// <summary>The append time of the oldest delivery in memory; null: there is none.</summary>
    public long? OldestTimeMs => _window.First?.TimeMs;

    /// <summary>The cursor that the database has.</summary>
    public LaneCursor StoredCursor { get; set; }

    /// <summary>Where it has to be read.</summary>
    public LaneCursor ReadPlace => IsAttached ? _parts.Head : _window.Read;

    /// <summary>Are requests to be sent at all?</summary>
    public bool IsSending =>
        !IsRemoved && Subscription.State == SubscriptionState.Active && _parts.Owners.Exists(Subscription.Owner);

    /// <summary>
    /// May it get one more record? It may always hold one. Else its records are limited by number, and those of all
    /// lanes by bytes.
    /// </summary>
    public bool WantsMore => IsSending
        && !Deliveries.IsBlocked
        && _window.AheadCount < _parts.Options.AheadRecordsMax
        && (_window.UnsettledCount == 0
            || (_window.UnsettledCount < _parts.Options.QueuedRecordsMax
                && _parts.QueuedBytes < _parts.Options.QueuedBytesMax));

    /// <summary>
    /// Is it behind, or at the head but not attached, and able to take what it missed? A reader that begins reads many
    /// records, so there has to be room for some.
    /// </summary>
    public bool NeedsReading =>
        !IsAttached && !IsJoining && WantsMore && (EndPosition is not { } end || ReadPlace.Position < end)
        && _window.UnsettledCount <= _parts.Options.QueuedRecordsMax * 3 / 4
        && _parts.Now >= ReadableAt;

    /// <summary>Has a replay sent everything, and does nothing of it wait?</summary>
    public bool IsFinished =>
        EndPosition <= ReadPlace.Position && _window.IsEmpty && Deliveries.WaitingCount == 0;

    /// <summary>What a start knows about a record above the cursor.</summary>
    public void Carry(long position, long timeMs, int tries, bool isSettled) =>
        _window.Carry(position, timeMs, tries, isSettled);

    /// <summary>The loop at the head takes over; the lane is exactly where that loop reads next.</summary>
    public void Attach() => IsAttached = true;

    /// <summary>The lane falls behind: it has to be read from this place on.</summary>
    public void Detach(LaneCursor at)
    {
        IsAttached = false;
        _window.Read = at;
    }

    /// <summary>The reader passed records that do not match.</summary>
    public void Pass(LaneCursor to)
    {
        _window.Read = to;
        _parts.Pending.MarkCursor(this);
    }

    /// <summary>Takes a record that matches. Ask <see cref="WantsMore"/> before.</summary>
    /// <param name="record">The record.</param>
    /// <param name="timeBelowMs">The append time of the record that was read before it.</param>
    public void Offer(DeliveryRecord record, long timeBelowMs)
    {
        _window.Read = new LaneCursor(record.Position, timeBelowMs);
        if (_window.TryPassCarried(record.Position, record.TimeMs, out var tries))
        {
            _window.Advance();
            _parts.Pending.MarkCursor(this);
        }
        else
        {
            Deliveries.Add(
                new Delivery(record, LineOf(record)) { TimeBelowMs = timeBelowMs, Tries = tries, Lane = this });
        }

        _window.Read = new LaneCursor(record.Position + 1, record.TimeMs);
    }

    /// <summary>
    /// Drops what is not sent yet. It is read again from the cursor on, with the rules that are valid then. Requests
    /// that run still count.
    /// </summary>
    public void Rewind()
    {
        if (IsAttached)
        {
            Detach(_parts.Head);
        }

        IsJoining = false;
        Epoch++;
        Deliveries.Drop(_window.Reset(), _window.CarriedRunning);
    }

    /// <summary>The lane, or its subscription, is deleted.</summary>
    public void Remove()
    {
        Rewind();
        IsRemoved = true;
        Subscription.Lanes.Remove(this);
        _parts.Pending.Forget(this);
    }

    /// <summary>Skips everything below a later place.</summary>
    public void Jump(LaneCursor to)
    {
        Rewind();
        _window.Jump(to);
        _parts.Pending.MarkCursor(this);
    }

    private ulong LineOf(DeliveryRecord record) => Subscription.Plan.Order switch
    {
        RecordOrder.Key => record.KeyHash,
        RecordOrder.Strict => 1,
        _ => 0,
    };
}
