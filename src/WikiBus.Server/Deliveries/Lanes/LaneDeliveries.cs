using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// The deliveries that a lane holds: in memory from the log, in the database because they wait, and those that were
/// loaded from there. Belongs to the engine's lock.
/// </summary>
internal sealed class LaneDeliveries(Lane lane, LaneWindow window, LaneParts parts)
{
    private readonly DeliveryLines _lines = new();

    // Deliveries that failed and found no room to wait.
    private readonly List<Delivery> _held = [];

    /// <summary>Rows in the database that wait.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>The bytes of their records.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>The rows that were loaded from the database, to be sent.</summary>
    public WaitingRows Rows { get; } = new();

    /// <summary>Deliveries from the log that may be sent, in their order.</summary>
    public IEnumerable<Delivery> Fresh => _lines.Sendable;

    /// <summary>Deliveries that failed and are retried from memory.</summary>
    public IReadOnlyList<Delivery> Held => _held;

    /// <summary>
    /// Nothing more may be read: a record found no room to wait, or strict order has to wait for one.
    /// </summary>
    public bool IsBlocked => _held.Count > 0 || (lane.IsStrict && WaitingCount > 0);

    /// <summary>Has it anything in memory to be sent, now or later?</summary>
    public bool HasSendable => _held.Count > 0 || Rows.HasSendable || _lines.HasSendable;

    private Subscription Subscription => lane.Subscription;

    private Destination Destination => lane.Subscription.Destination;

    /// <summary>
    /// Are rows to be loaded? Those that are due; while the destination is down, those that can be a probe.
    /// </summary>
    public bool NeedsRows(DateTimeOffset now) => lane.IsSending
        && !Rows.IsLoading
        && Rows.InHandCount < 2 * lane.Concurrency
        && (Destination.State == DestinationState.Down ? NeedsProbe(now) : Rows.NextDue <= now);

    /// <summary>Up to when rows are to be loaded, and how many. Probes need two of different keys at most.</summary>
    public (DateTimeOffset Until, int Limit) RowsWanted(DateTimeOffset now, int limit) =>
        Destination.State == DestinationState.Down ? (DateTimeOffset.MaxValue, 2) : (now, limit);

    /// <summary>A start found waiting rows of a line, or dead ones wait again.</summary>
    public void Restore(ulong line, int count, long bytes)
    {
        _lines.AddRows(line, count);
        WaitingCount += count;
        WaitingBytes += bytes;
    }

    /// <summary>Adds a delivery from the log. It waits at once if others of its line do.</summary>
    public void Add(Delivery delivery)
    {
        window.Add(delivery);
        var hasMemory = parts.QueuedBytes < parts.Options.QueuedBytesMax;
        if (!lane.IsStrict && _lines.HasOnlyRows(delivery.Line) && HasRoom(delivery) && hasMemory)
        {
            // It keeps its place in the window: a reader that comes again must not find it new.
            AddFollower(delivery);
            delivery.Settle();
            window.Settled(delivery);
            parts.Pending.MarkCursor(lane);
            return;
        }

        parts.QueuedBytes += delivery.Record!.Bytes;
        _lines.Add(delivery);
    }

    /// <summary>Adds rows from the database.</summary>
    public void Load(LoadedRows loaded)
    {
        foreach (var row in loaded.Rows)
        {
            if (!Rows.Contains(row.Number))
            {
                parts.QueuedBytes += row.Record.Bytes;
                Rows.Add(new Delivery(row.Record, row.Line)
                {
                    Lane = lane,
                    Row = row.Number,
                    Attempts = row.Attempts,
                    Tries = row.Tries,
                    NextTry = row.NextAt,
                });
            }
        }

        Rows.NextDue = loaded.NextDue;
    }

    /// <summary>Drops what is not sent yet. Rows are loaded again.</summary>
    /// <param name="dropped">Deliveries of the window.</param>
    /// <param name="running">Deliveries of the window whose requests run.</param>
    public void Drop(List<Delivery> dropped, IEnumerable<Delivery> running)
    {
        foreach (var delivery in dropped.Concat(Rows.Reset(parts.Now)))
        {
            parts.QueuedBytes -= delivery.Record!.Bytes;
            delivery.Settle();
        }

        _held.Clear();
        _lines.Reset(running);
    }

    /// <summary>A delivery of the lane is about to be sent or judged.</summary>
    public void Take(Delivery delivery)
    {
        if (delivery.Row is not null)
        {
            Rows.Take(delivery);
        }
        else if (!_held.Remove(delivery))
        {
            _lines.Take(delivery);
        }
    }

    /// <summary>A delivery that was taken is to be sent again before others.</summary>
    public void Return(Delivery delivery)
    {
        delivery.State = DeliveryState.Queued;
        if (delivery.Row is not null)
        {
            Rows.Return(delivery);
        }
        else if (window.TryUnsettle(delivery))
        {
            // The window was reset meanwhile: the record is read again, or nobody wants it any more.
            parts.QueuedBytes -= delivery.Record!.Bytes;
            _lines.Leave(delivery);
        }
        else
        {
            _lines.Return(delivery);
        }
    }

    /// <summary>Nothing more is to be done for a delivery that was taken.</summary>
    public void Settle(Delivery delivery, DateTimeOffset now)
    {
        if (delivery.Row is { } row)
        {
            parts.Pending.Add(writer => writer.Remove(row));
            EndRow(delivery, row, now);
            return;
        }

        EndFresh(delivery);
    }

    /// <summary>A delivery from the log failed, and is retried at a time: from the database if there is room.</summary>
    public void Wait(Delivery delivery, DateTimeOffset next)
    {
        if (HasRoom(delivery))
        {
            StartWaiting(delivery, next);
        }
        else
        {
            delivery.State = DeliveryState.Held;
            delivery.NextTry = next;
            _held.Add(delivery);
        }
    }

    /// <summary>A row failed, and is retried at a time.</summary>
    public void WaitOn(Delivery delivery, long row, DateTimeOffset next)
    {
        Change(delivery, row, next, deadAt: null);
        parts.QueuedBytes -= delivery.Record!.Bytes;
        parts.Pending.WhenCommitted(() =>
        {
            Rows.Leave(row);
            DueAt(next);
        });
        delivery.Settle();
    }

    /// <summary>A delivery is given up. It stays in the database.</summary>
    public void GiveUp(Delivery delivery, DateTimeOffset now)
    {
        parts.Room.AddDead(Subscription, delivery.Record!.Bytes);
        if (delivery.Row is { } row)
        {
            Change(delivery, row, next: null, deadAt: now);
            EndRow(delivery, row, now);
            return;
        }

        var (record, dead) = (delivery.Record, new WaitingRow(
            Subscription.Live.Number, delivery.Line, delivery.Attempts, delivery.Tries, NextAt: null, now,
            Subscription.LastError));
        parts.Pending.Add(writer => writer.Add(dead, record));
        EndFresh(delivery);
    }

    private bool NeedsProbe(DateTimeOffset now) =>
        WaitingCount > 0 && Rows.InHandCount == 0 && Destination.IsOpen(now);

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
        WaitingBytes -= bytes;
        if (_lines.RemoveRow(delivery.Line))
        {
            var line = delivery.Line;
            parts.Pending.Add(writer => writer.Release(lane.Number, line, now));
            parts.Pending.WhenCommitted(() => DueAt(now));
        }

        parts.Pending.WhenCommitted(() => Rows.Leave(row));
        delivery.Settle();
    }

    // A dead row moves to the live lane, since a replay ends.
    private void Change(Delivery delivery, long row, DateTimeOffset? next, DateTimeOffset? deadAt)
    {
        var change = new WaitingRow(
            Subscription.Live.Number, delivery.Line, delivery.Attempts, delivery.Tries, next, deadAt,
            Subscription.LastError);
        parts.Pending.Add(writer => writer.Change(row, change));
    }

    /// <summary>A delivery begins to wait, and those behind it in its line do, too.</summary>
    private void StartWaiting(Delivery delivery, DateTimeOffset next)
    {
        AddRow(delivery, next, Subscription.LastError);
        parts.Pending.WhenCommitted(() => DueAt(next));
        var behind = lane.IsStrict ? [] : _lines.TakeBehind(delivery.Line);
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

            AddFollower(follower);
            EndFresh(follower);
        }
    }

    private void DueAt(DateTimeOffset time)
    {
        Rows.DueAt(time);
        parts.Queues.Touch(lane);
    }

    private bool HasRoom(Delivery delivery) => parts.Room.HasRoom(Subscription, delivery.Record!.Bytes);

    // What the owner may not read would not be sent, and must not show itself by waiting.
    private void AddFollower(Delivery delivery)
    {
        if (parts.Owners.MayRead(Subscription.Owner, delivery.Record!))
        {
            AddRow(delivery, nextAt: null, last: null);
        }
    }

    private void AddRow(Delivery delivery, DateTimeOffset? nextAt, LastError? last)
    {
        var (record, row) = (delivery.Record!, new WaitingRow(
            lane.Number, delivery.Line, delivery.Attempts, delivery.Tries, nextAt, DeadAt: null, last));
        parts.Pending.Add(writer => writer.Add(row, record));
        parts.QueuedBytes += record.Bytes;
        parts.Pending.WhenCommitted(() => parts.QueuedBytes -= record.Bytes);
        parts.Room.AddWaiting(Subscription, record.Bytes);
        WaitingCount++;
        WaitingBytes += record.Bytes;
        _lines.AddRow(delivery.Line);
    }
}
