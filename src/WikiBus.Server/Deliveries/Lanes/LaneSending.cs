using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// Chooses which delivery of a lane is sent next, and judges what becomes of it. Belongs to the engine's lock.
/// </summary>
internal sealed class LaneSending(Lane lane, LaneWindow window, LaneParts parts)
{
    private readonly DeliveryLines _lines = new();
    private readonly WaitingRows _rows = new();

    // Deliveries that failed and found no room to wait.
    private readonly List<Delivery> _held = [];
    private bool _isRowsTurn;

    /// <summary>Its rows in the database that wait.</summary>
    public int WaitingCount { get; private set; }

    public WaitingRows Rows => _rows;

    /// <summary>Nothing more may be read: a record found no room to wait, or strict order has to wait for one.</summary>
    public bool IsBlocked => _held.Count > 0 || (IsStrict && WaitingCount > 0);

    /// <summary>Has it anything in memory to be sent, now or later?</summary>
    public bool HasSendable => _held.Count > 0 || _rows.HasSendable || _lines.HasSendable;

    /// <summary>
    /// Are rows to be loaded? Those that are due; and if nothing else can be a probe, also others.
    /// </summary>
    public bool NeedsRows(DateTimeOffset now) => lane.IsSending
        && !_rows.IsLoading
        && _rows.InHandCount < 2 * ConcurrencyNow
        && (Destination.State == DestinationState.Down ? NeedsProbe(now) : _rows.NextDue <= now);

    /// <summary>Up to when rows are to be loaded.</summary>
    public DateTimeOffset RowsUntil(DateTimeOffset now) =>
        Destination.State == DestinationState.Down ? DateTimeOffset.MaxValue : now;

    /// <summary>When a held delivery is due; null: there is none.</summary>
    public DateTimeOffset? NextHeld => _held.Count > 0 ? _held.Min(static delivery => delivery.NextTry) : null;

    private Subscription Subscription => lane.Subscription;

    private Destination Destination => lane.Subscription.Destination;

    private bool IsStrict => Subscription.Plan.Order == RecordOrder.Strict;

    /// <summary>A start found waiting rows of a line.</summary>
    public void Restore(ulong line, int count)
    {
        _lines.AddRows(line, count);
        WaitingCount += count;
    }

    /// <summary>Adds a delivery from the log. It waits at once if others of its line do.</summary>
    public void Add(Delivery delivery)
    {
        if (!IsStrict && _lines.HasOnlyRows(delivery.Line) && HasRoom(delivery))
        {
            AddRow(delivery, nextAt: null, last: null);
            parts.Pending.MarkCursor(lane);
            return;
        }

        window.Add(delivery);
        parts.QueuedBytes += delivery.Record!.Bytes;
        _lines.Add(delivery);
    }

    /// <summary>Adds rows from the database.</summary>
    public void Load(LoadedRows loaded)
    {
        foreach (var row in loaded.Rows)
        {
            if (!_rows.Contains(row.Number))
            {
                parts.QueuedBytes += row.Record.Bytes;
                _rows.Add(new Delivery(row.Record, row.Line)
                {
                    Lane = lane,
                    Row = row.Number,
                    Attempts = row.Attempts,
                    Tries = row.Tries,
                });
            }
        }

        _rows.NextDue = loaded.NextDue;
    }

    /// <summary>Takes the delivery that is to be sent now; null: none.</summary>
    public Delivery? TakeNext(DateTimeOffset now)
    {
        while (lane.IsSending && Destination.IsOpen(now) && Destination.RunningCount < ConcurrencyNow)
        {
            var delivery = Destination.State == DestinationState.Down ? FindProbe() : FindInTurn(now);
            if (delivery is null)
            {
                return null;
            }

            Take(delivery);
            if (IsExpired(delivery.Record!, now))
            {
                Skip(delivery, now);
            }
            else if (!parts.Owners.MayRead(Subscription.Owner, delivery.Record!))
            {
                Settle(delivery, now);
            }
            else
            {
                delivery.State = DeliveryState.Running;
                delivery.IsProbe = Destination.State != DestinationState.Up;
                delivery.Tries++;
                Destination.RunningCount++;
                return delivery;
            }
        }

        return null;
    }

    /// <summary>A request was broken off by the stop of the process: it is repeated.</summary>
    public void Abandon(Delivery delivery)
    {
        Destination.RunningCount--;
        if (lane.IsRemoved)
        {
            parts.QueuedBytes -= delivery.Record!.Bytes;
            return;
        }

        Return(delivery);
    }

    /// <summary>A request has ended.</summary>
    public void End(Delivery delivery, DeliveryResult result, DateTimeOffset now, TimeSpan duration)
    {
        var record = delivery.Record!;
        Destination.RunningCount--;
        parts.Pending.CountOutcome(now);
        AddAttempt(delivery, result.Verdict, result.Status, result.Message, now, duration);
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
            Stop(SubscriptionState.Suspended);
        }
    }

    /// <summary>Drops what is not sent yet. Rows are loaded again.</summary>
    /// <param name="dropped">Deliveries of the window.</param>
    /// <param name="running">Deliveries of the window whose requests run.</param>
    public void Drop(List<Delivery> dropped, IEnumerable<Delivery> running)
    {
        foreach (var delivery in dropped.Concat(_rows.Reset(parts.Now)))
        {
            parts.QueuedBytes -= delivery.Record!.Bytes;
            delivery.Settle();
        }

        _held.Clear();
        _lines.Reset(running);
    }

    /// <summary>All waiting rows of the lane were deleted.</summary>
    public void ForgetRows()
    {
        WaitingCount = 0;
        _lines.ClearRows();
    }

    private bool NeedsProbe(DateTimeOffset now) =>
        WaitingCount > 0 && _rows.InHandCount == 0 && Destination.IsOpen(now) && !_lines.HasSendable;

    private int ConcurrencyNow => IsStrict ? 1 : Subscription.Plan.Concurrency;

    private void Judge(Delivery delivery, DeliveryResult result, DateTimeOffset now)
    {
        switch (result.Verdict)
        {
            case Verdict.Done:
                var cause = delivery.IsProbe && Destination.Cause != delivery ? Destination.Cause : null;
                var hadError = Destination.Since is not null;
                Destination.Succeed(delivery);
                Settle(delivery, now);
                cause?.Lane!.Sending.Blame(cause, now);
                if (hadError)
                {
                    parts.Pending.MarkProgress(Subscription);
                }

                break;
            case Verdict.Failed:
            case Verdict.Down when IsAtFault(delivery, result):
                Destination.Fail(delivery, now);
                CountAttempt(delivery, now);
                break;
            case Verdict.Down:
                Destination.GoDown(delivery, result.Reason ?? "down", result.RetryAfter, now);
                Return(delivery);
                break;
            case Verdict.Gone:
                Return(delivery);
                Stop(SubscriptionState.Gone);
                break;
            default:
                throw new InvalidOperationException($"{result.Verdict} is not the verdict of an answer.");
        }
    }

    // With strict order no other record can show whose fault it is.
    private bool IsAtFault(Delivery delivery, DeliveryResult result) =>
        IsStrict && result.Status is not null && delivery.IsProbe
        && Destination.Cause == delivery && Destination.ProbeCount + 1 >= Lanes.Destination.StrictProbesMax;

    /// <summary>Another record was taken, so the answer that brought the destination down counts.</summary>
    private void Blame(Delivery delivery, DateTimeOffset now)
    {
        if (delivery.State is DeliveryState.Queued or DeliveryState.Held && delivery.Record is not null)
        {
            Take(delivery);
            delivery.State = DeliveryState.Running;
            CountAttempt(delivery, now);
        }
    }

    private void Stop(SubscriptionState state)
    {
        if (Subscription.State != SubscriptionState.Active)
        {
            return;
        }

        Subscription.State = state;
        parts.Pending.MarkProgress(Subscription);
        Subscription.Lanes.ForEach(static lane => lane.Rewind());
    }

    /// <summary>By turns a waiting delivery that is due, and the next one from the log.</summary>
    private Delivery? FindInTurn(DateTimeOffset now)
    {
        var waiting = _held.Find(delivery => delivery.NextTry <= now) ?? _rows.Sendable.FirstOrDefault();
        var fresh = _lines.Sendable.FirstOrDefault();
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
        foreach (var delivery in _rows.Sendable.Concat(_held).Concat(_lines.Sendable))
        {
            oldest = oldest is null || delivery.Position < oldest.Position ? delivery : oldest;
            var isOther = delivery != Destination.Cause && (key == 0 || delivery.KeyHash != key);
            other = isOther && (other is null || delivery.Position < other.Position) ? delivery : other;
        }

        return Destination.WantsOther ? other ?? oldest : oldest;
    }

    private void Take(Delivery delivery)
    {
        if (delivery.Row is not null)
        {
            _rows.Take(delivery);
        }
        else if (!_held.Remove(delivery))
        {
            _lines.Take(delivery);
        }
    }

    private void Return(Delivery delivery)
    {
        delivery.State = DeliveryState.Queued;
        if (delivery.Row is not null)
        {
            _rows.Return(delivery);
        }
        else if (window.TryUnsettle(delivery))
        {
            // The window was reset meanwhile: the record is read again.
            parts.QueuedBytes -= delivery.Record!.Bytes;
            _lines.Leave(delivery);
        }
        else
        {
            _lines.Return(delivery);
        }
    }

    private bool IsExpired(DeliveryRecord record, DateTimeOffset now) =>
        Subscription.Plan.ExpireAfter is { } age
        && now - DateTimeOffset.FromUnixTimeMilliseconds(record.TimeMs) > age;

    private void Skip(Delivery delivery, DateTimeOffset now)
    {
        Subscription.ExpiredCount++;
        parts.Pending.MarkProgress(Subscription);
        AddAttempt(delivery, Verdict.Expired, status: null, message: null, now, TimeSpan.Zero);
        Settle(delivery, now);
    }

    private void AddAttempt(
        Delivery delivery, Verdict verdict, int? status, string? message, DateTimeOffset now, TimeSpan duration)
    {
        var record = delivery.Record!;
        var attempt = new Attempt(
            Subscription.Number, lane.Number, record.Position, record.TimeMs, record.Stream, record.Offset,
            delivery.Tries, verdict, status, message, now, duration);
        parts.Pending.Add(writer => writer.Add(attempt));
    }

    /// <summary>Nothing more is to be done for a delivery that was taken.</summary>
    private void Settle(Delivery delivery, DateTimeOffset now)
    {
        if (delivery.Row is { } row)
        {
            parts.Pending.Add(writer => writer.Remove(row));
            EndRow(delivery, row, now);
            return;
        }

        EndFresh(delivery);
    }

    private void EndFresh(Delivery delivery)
    {
        parts.QueuedBytes -= delivery.Record!.Bytes;
        _lines.Leave(delivery);
        delivery.Settle();
        window.Settled(delivery);
        parts.Pending.MarkCursor(lane);
    }

    /// <summary>A row waits no more: the next one of its line may be sent.</summary>
    private void EndRow(Delivery delivery, long row, DateTimeOffset now)
    {
        var bytes = delivery.Record!.Bytes;
        parts.QueuedBytes -= bytes;
        parts.Room.RemoveWaiting(Subscription, bytes);
        WaitingCount--;
        if (_lines.RemoveRow(delivery.Line))
        {
            var line = delivery.Line;
            parts.Pending.Add(writer => writer.Release(lane.Number, line, now));
            parts.Pending.WhenCommitted(() => DueAt(now));
        }

        parts.Pending.WhenCommitted(() => _rows.Leave(row));
        delivery.Settle();
    }

    private void CountAttempt(Delivery delivery, DateTimeOffset now)
    {
        delivery.Attempts++;
        var isDead = delivery.Attempts >= RetrySchedule.AttemptsMax;
        DateTimeOffset? next = isDead ? null : now + RetrySchedule.DelayAfter(delivery.Attempts, parts.Random);
        if (delivery.Row is { } row)
        {
            ChangeRow(delivery, row, next, now);
        }
        else if (isDead)
        {
            AddDead(delivery, now);
            EndFresh(delivery);
        }
        else if (HasRoom(delivery))
        {
            StartWaiting(delivery, next!.Value);
        }
        else
        {
            delivery.State = DeliveryState.Held;
            delivery.NextTry = next!.Value;
            _held.Add(delivery);
        }
    }

    private void ChangeRow(Delivery delivery, long row, DateTimeOffset? next, DateTimeOffset now)
    {
        var isDead = next is null;
        var change = new WaitingRow(
            Subscription.Live.Number, delivery.Line, delivery.Attempts, delivery.Tries, next, isDead ? now : null,
            Subscription.LastError);
        parts.Pending.Add(writer => writer.Change(row, change));
        if (isDead)
        {
            parts.Room.AddDead(Subscription, delivery.Record!.Bytes);
            EndRow(delivery, row, now);
            StopIfFullOfDead();
            return;
        }

        parts.QueuedBytes -= delivery.Record!.Bytes;
        parts.Pending.WhenCommitted(() =>
        {
            _rows.Leave(row);
            DueAt(next!.Value);
        });
        delivery.Settle();
    }

    private void AddDead(Delivery delivery, DateTimeOffset now)
    {
        var (record, row) = (delivery.Record!, new WaitingRow(
            Subscription.Live.Number, delivery.Line, delivery.Attempts, delivery.Tries, NextAt: null, now,
            Subscription.LastError));
        parts.Pending.Add(writer => writer.Add(row, record));
        parts.Room.AddDead(Subscription, record.Bytes);
        StopIfFullOfDead();
    }

    private void StopIfFullOfDead()
    {
        if (parts.Room.IsFullOfDead(Subscription))
        {
            Stop(SubscriptionState.Suspended);
        }
    }

    /// <summary>A delivery begins to wait, and those behind it in its line do, too.</summary>
    private void StartWaiting(Delivery delivery, DateTimeOffset next)
    {
        AddRow(delivery, next, Subscription.LastError);
        parts.Pending.WhenCommitted(() => DueAt(next));
        var behind = IsStrict ? [] : _lines.TakeBehind(delivery.Line);
        EndFresh(delivery);
        var isFull = false;
        foreach (var follower in behind)
        {
            isFull = isFull || !HasRoom(follower);
            if (isFull)
            {
                _lines.Add(follower);
                continue;
            }

            AddRow(follower, nextAt: null, last: null);
            EndFresh(follower);
        }
    }

    private void DueAt(DateTimeOffset time)
    {
        _rows.DueAt(time);
        parts.Queues.Touch(lane);
    }

    private bool HasRoom(Delivery delivery) => parts.Room.HasRoom(Subscription, delivery.Record!.Bytes);

    private void AddRow(Delivery delivery, DateTimeOffset? nextAt, LastError? last)
    {
        var (record, row) = (delivery.Record!, new WaitingRow(
            lane.Number, delivery.Line, delivery.Attempts, delivery.Tries, nextAt, DeadAt: null, last));
        parts.Pending.Add(writer => writer.Add(row, record));
        parts.Room.AddWaiting(Subscription, record.Bytes);
        WaitingCount++;
        _lines.AddRow(delivery.Line);
    }
}
