namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// Which deliveries of a lane may be sent next. Those of one line go one after the other: the first may be sent, the
/// others are behind it. While waiting rows of a line are in the database, nothing of it is sent from memory. Belongs
/// to the engine's lock.
/// </summary>
internal sealed class DeliveryLines
{
    // Lines of which a delivery may be sent, is being sent, or is behind waiting rows.
    private readonly Dictionary<ulong, Queue<Delivery>> _lines = [];

    private readonly Dictionary<ulong, int> _rows = [];
    private readonly LinkedList<Delivery> _sendable = [];

    /// <summary>Those that may be sent, in their order.</summary>
    public IEnumerable<Delivery> Sendable => _sendable;

    public bool HasSendable => _sendable.Count > 0;

    /// <summary>Has the line rows, and nothing behind them in memory?</summary>
    public bool HasOnlyRows(ulong line) => _rows.ContainsKey(line) && !(_lines.GetValueOrDefault(line)?.Count > 0);

    public void Add(Delivery delivery)
    {
        if (delivery.Line == 0)
        {
            _sendable.AddLast(delivery);
        }
        else if (_lines.TryGetValue(delivery.Line, out var behind))
        {
            behind.Enqueue(delivery);
        }
        else if (_rows.ContainsKey(delivery.Line))
        {
            _lines.Add(delivery.Line, new Queue<Delivery>([delivery]));
        }
        else
        {
            _lines.Add(delivery.Line, new Queue<Delivery>());
            _sendable.AddLast(delivery);
        }
    }

    /// <summary>Takes one of <see cref="Sendable"/>. It stays the first of its line.</summary>
    public void Take(Delivery delivery) => _sendable.Remove(delivery);

    /// <summary>It was taken, and is to be sent again before all others.</summary>
    public void Return(Delivery delivery) => _sendable.AddFirst(delivery);

    /// <summary>A delivery that was taken is settled.</summary>
    public void Leave(Delivery delivery)
    {
        if (delivery.Line != 0)
        {
            Advance(delivery.Line);
        }
    }

    /// <summary>A delivery of the line has become a waiting row.</summary>
    public void AddRow(ulong line) => AddRows(line, 1);

    public void AddRows(ulong line, int count)
    {
        if (line != 0)
        {
            _rows[line] = _rows.GetValueOrDefault(line) + count;
        }
    }

    /// <summary>A waiting row of the line has ended.</summary>
    /// <returns>Whether the line has further rows.</returns>
    public bool RemoveRow(ulong line)
    {
        if (line == 0)
        {
            return false;
        }

        var count = _rows[line] - 1;
        if (count > 0)
        {
            _rows[line] = count;
            return true;
        }

        _rows.Remove(line);
        Advance(line);
        return false;
    }

    /// <summary>Takes the deliveries that are behind the first of a line.</summary>
    public IReadOnlyCollection<Delivery> TakeBehind(ulong line)
    {
        if (!_lines.TryGetValue(line, out var behind))
        {
            return [];
        }

        var taken = behind.ToArray();
        behind.Clear();
        return taken;
    }

    /// <summary>Drops what is not being sent.</summary>
    /// <param name="running">Deliveries whose requests run; their lines stay.</param>
    public void Reset(IEnumerable<Delivery> running)
    {
        _sendable.Clear();
        _lines.Clear();
        foreach (var delivery in running)
        {
            if (delivery.Line != 0)
            {
                _lines.TryAdd(delivery.Line, new Queue<Delivery>());
            }
        }
    }

    // The first of the line is gone: the next one may be sent, unless rows are before it.
    private void Advance(ulong line)
    {
        if (_rows.ContainsKey(line) || !_lines.TryGetValue(line, out var behind))
        {
            return;
        }

        if (behind.TryDequeue(out var next))
        {
            _sendable.AddLast(next);
        }
        else
        {
            _lines.Remove(line);
        }
    }
}
