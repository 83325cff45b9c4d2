namespace WikiBus.Producer.Outbox;

/// <summary>
/// The events that a scope collected, in order. They are the first ones for each mark: published before the
/// transaction began, written as rows of it, or tried to be saved.
/// </summary>
internal sealed class CollectedEvents
{
    private readonly List<OutboxEvent> _events = [];
    private readonly List<Savepoint> _savepoints = [];
    private int _countBefore;
    private int _written;
    private int _tried;

    public int Count => _events.Count;

    /// <summary>The bytes of all events.</summary>
    public long Bytes { get; private set; }

    /// <summary>The events that have no row in the transaction.</summary>
    public IReadOnlyList<OutboxEvent> Unwritten => _events[_written..];

    /// <summary>How many events were never tried to be saved.</summary>
    public int Untried => _events.Count - _tried;

    public void Add(IEnumerable<OutboxEvent> events)
    {
        var count = _events.Count;
        _events.AddRange(events);
        Bytes += BytesOf(_events.Skip(count));
    }

    /// <summary>A transaction began.</summary>
    public void Begin()
    {
        _savepoints.Clear();
        (_countBefore, _written) = (_events.Count, 0);
    }

    /// <summary>The events that were published before the transaction go with it, too.</summary>
    public void Bind() => _countBefore = 0;

    /// <summary>All events have rows in the transaction.</summary>
    public void MarkWritten() => _written = _events.Count;

    /// <summary>The events stay for another try, but it is no fault if there is none.</summary>
    public void MarkTried() => _tried = _events.Count;

    /// <summary>The transaction was committed: the events that have rows go.</summary>
    /// <returns>How many they are.</returns>
    public int Commit()
    {
        var count = _written;
        Bytes -= BytesOf(_events.Take(count));
        _events.RemoveRange(0, count);
        _countBefore = Math.Max(0, _countBefore - count);
        _written = 0;
        _tried = Math.Max(0, _tried - count);
        ChangeSavepoints(point => point with { Count = Math.Max(0, point.Count - count), Written = 0 });
        return count;
    }

    /// <summary>The transaction ended without a commit: its events go.</summary>
    /// <returns>How many of them were never tried to be saved.</returns>
    public int RollBack()
    {
        var count = _events.Count - Math.Max(_countBefore, _tried);
        Truncate(_countBefore);
        Begin();
        MarkTried();
        return Math.Max(0, count);
    }

    public void Clear() => Truncate(0);

    public void AddSavepoint(string name) => _savepoints.Add(new Savepoint(name, _events.Count, _written));

    /// <summary>Forgets the events that were published after a savepoint. As in SQL, the savepoint stays.</summary>
    public void RollBackTo(string name)
    {
        var index = IndexOf(name);
        if (index >= 0)
        {
            var savepoint = _savepoints[index];
            _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
            Truncate(savepoint.Count);
            _written = Math.Min(_written, savepoint.Written);
        }
    }

    /// <summary>Forgets a savepoint, and those after it.</summary>
    public void Release(string name)
    {
        var index = IndexOf(name);
        if (index >= 0)
        {
            _savepoints.RemoveRange(index, _savepoints.Count - index);
        }
    }

    private int IndexOf(string name) => _savepoints.FindLastIndex(savepoint => savepoint.Name == name);

    private void Truncate(int count)
    {
        Bytes -= BytesOf(_events.Skip(count));
        _events.RemoveRange(count, _events.Count - count);
        _countBefore = Math.Min(_countBefore, count);
        _written = Math.Min(_written, count);
        _tried = Math.Min(_tried, count);
        ChangeSavepoints(point => point with
        {
            Count = Math.Min(point.Count, count), Written = Math.Min(point.Written, count),
        });
    }

    private void ChangeSavepoints(Func<Savepoint, Savepoint> change)
    {
        for (var i = 0; i < _savepoints.Count; i++)
        {
            _savepoints[i] = change(_savepoints[i]);
        }
    }

    private static long BytesOf(IEnumerable<OutboxEvent> events) => events.Sum(item => (long)item.Bytes.Length);

    private sealed record Savepoint(string Name, int Count, int Written);
}
