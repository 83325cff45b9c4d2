namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// The waiting rows of a lane that were loaded from the database, to be sent again. Belongs to the engine's lock.
/// </summary>
internal sealed class WaitingRows
{
    // Also those whose outcome is not committed: the database still has them.
    private readonly Dictionary<long, Delivery> _inHand = [];
    private readonly LinkedList<Delivery> _sendable = [];

    /// <summary>When the next row has to be loaded; <see cref="DateTimeOffset.MaxValue"/>: none.</summary>
    public DateTimeOffset NextDue { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Are rows being loaded?</summary>
    public bool IsLoading { get; set; }

    public IEnumerable<Delivery> Sendable => _sendable;

    public bool HasSendable => _sendable.Count > 0;

    /// <summary>Rows that a query may return again.</summary>
    public int InHandCount => _inHand.Count;

    public bool Contains(long row) => _inHand.ContainsKey(row);

    public void Add(Delivery delivery)
    {
        _inHand.Add(delivery.Row!.Value, delivery);
        _sendable.AddLast(delivery);
    }

    public void Take(Delivery delivery) => _sendable.Remove(delivery);

    public void Return(Delivery delivery) => _sendable.AddFirst(delivery);

    /// <summary>The outcome of a row is committed.</summary>
    public void Leave(long row) => _inHand.Remove(row);

    public void DueAt(DateTimeOffset time) => NextDue = time < NextDue ? time : NextDue;

    /// <summary>Drops the rows that are not being sent; they are loaded again when it is time.</summary>
    /// <returns>The dropped ones.</returns>
    public List<Delivery> Reset(DateTimeOffset now)
    {
        var dropped = _sendable.ToList();
        foreach (var delivery in dropped)
        {
            _inHand.Remove(delivery.Row!.Value);
        }

        _sendable.Clear();
        if (dropped.Count > 0)
        {
            DueAt(now);
        }

        return dropped;
    }
}
