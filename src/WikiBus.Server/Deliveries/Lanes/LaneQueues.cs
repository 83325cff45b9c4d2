using System.Threading.Channels;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// Lanes that have something to do: to be read, to load rows, to send. A lane that is in both queues for sending
/// counts only in the later one. The channels may be read without the engine's lock; everything else belongs to it.
/// </summary>
internal sealed class LaneQueues(TimeProvider time)
{
    private readonly Channel<Lane> _behind = Channel.CreateUnbounded<Lane>();
    private readonly Channel<Lane> _due = Channel.CreateUnbounded<Lane>();
    private readonly Queue<Lane> _proven = [];
    private readonly Queue<Lane> _unproven = [];
    private bool _isUnprovenTurn;

    /// <summary>Lanes that are to be read because they are behind.</summary>
    public ChannelReader<Lane> Behind => _behind.Reader;

    /// <summary>Lanes with waiting rows that are to be loaded.</summary>
    public ChannelReader<Lane> Due => _due.Reader;

    /// <summary>Set when lanes may send, or when slots or commits make room.</summary>
    public Signal CanSend { get; } = new();

    /// <summary>Set when outcomes are to be committed.</summary>
    public Signal CanCommit { get; } = new();

    /// <summary>Something about the lane changed: queues it where it has something to do.</summary>
    public void Touch(Lane lane)
    {
        TouchReading(lane);
        if (lane.ReadyIn != QueueOf(lane) && lane.Deliveries.HasSendable)
        {
            Enqueue(lane);
            CanSend.Set();
        }
    }

    /// <summary>The same, except that it is not queued to send.</summary>
    public void TouchReading(Lane lane)
    {
        if (!lane.IsCatchingUp && lane.NeedsReading)
        {
            lane.IsCatchingUp = true;
            _behind.Writer.TryWrite(lane);
        }

        if (lane.Deliveries.NeedsRows(time.GetUtcNow()))
        {
            lane.Deliveries.Rows.IsLoading = true;
            _due.Writer.TryWrite(lane);
        }
    }

    /// <summary>Touches all lanes of a subscription, since they share its destination.</summary>
    public void Touch(Subscription subscription) => subscription.Lanes.ForEach(Touch);

    /// <summary>Its turn comes after that of all others.</summary>
    public void Enqueue(Lane lane)
    {
        var queue = QueueOf(lane);
        lane.ReadyIn = queue;
        queue.Enqueue(lane);
    }

    /// <summary>The lane whose turn it is; null: none.</summary>
    /// <param name="mayBeUnproven">May it be one whose last request did not succeed?</param>
    public Lane? Dequeue(bool mayBeUnproven)
    {
        _isUnprovenTurn = !_isUnprovenTurn;
        return (_isUnprovenTurn && mayBeUnproven ? Dequeue(_unproven) : null)
            ?? Dequeue(_proven)
            ?? (mayBeUnproven ? Dequeue(_unproven) : null);
    }

    private Lane? Dequeue(Queue<Lane> queue)
    {
        while (queue.TryDequeue(out var lane))
        {
            if (lane.ReadyIn != queue)
            {
                continue; // It has moved to the other queue.
            }

            if (QueueOf(lane) == queue)
            {
                lane.ReadyIn = null;
                return lane;
            }

            Enqueue(lane);
        }

        return null;
    }

    private Queue<Lane> QueueOf(Lane lane) => lane.Subscription.Destination.IsProven ? _proven : _unproven;
}
