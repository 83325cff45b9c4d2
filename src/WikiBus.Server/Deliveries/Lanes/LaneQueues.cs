using System.Threading.Channels;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// Lanes that have something to do: to be read, to load rows, to send. Each lane is in each queue at most once. The
/// channels may be read without the engine's lock; everything else belongs to it.
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
        if (!lane.IsReady && lane.Deliveries.HasSendable)
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
        lane.IsReady = true;
        (lane.Subscription.Destination.HasSucceeded ? _proven : _unproven).Enqueue(lane);
    }

    /// <summary>The lane whose turn it is; null: none.</summary>
    /// <param name="mayBeUnproven">May it be one whose last request did not succeed?</param>
    public Lane? Dequeue(bool mayBeUnproven)
    {
        _isUnprovenTurn = !_isUnprovenTurn;
        var first = _isUnprovenTurn && mayBeUnproven ? _unproven : _proven;
        if (first.TryDequeue(out var lane)
            || _proven.TryDequeue(out lane)
            || (mayBeUnproven && _unproven.TryDequeue(out lane)))
        {
            lane.IsReady = false;
            return lane;
        }

        return null;
    }
}
