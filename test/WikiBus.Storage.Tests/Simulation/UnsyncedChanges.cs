namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// The changes of one file or directory since its last durable image, in order. A successful flush makes them durable.
/// A failed flush of a file leaves them in doubt for good, as on Linux: the pages count as clean, the next flush
/// succeeds without writing them, and a crash may keep them or not.
/// </summary>
internal sealed class UnsyncedChanges<T>
{
    private readonly List<(T Change, Fate Fate)> _changes = [];

    private enum Fate
    {
        Waiting,
        InDoubt,
        Durable,
    }

    public void Add(T change) => _changes.Add((change, Fate.Waiting));

    /// <summary>The flush succeeded. True with the changes when all of them can move into the durable image.</summary>
    public bool TryTakeFlushed(out IReadOnlyList<T> durable)
    {
        Settle(Fate.Durable);
        var settled = _changes.TrueForAll(entry => entry.Fate == Fate.Durable);
        durable = settled ? _changes.ConvertAll(entry => entry.Change) : [];
        if (settled)
        {
            _changes.Clear();
        }

        return settled;
    }

    public void FlushFailed() => Settle(Fate.InDoubt);

    /// <summary>Each change in order, with whether a flush had made it durable.</summary>
    public IEnumerable<(T Change, bool IsDurable)> InOrder() =>
        _changes.Select(entry => (entry.Change, entry.Fate == Fate.Durable));

    private void Settle(Fate fate)
    {
        for (var i = 0; i < _changes.Count; i++)
        {
            if (_changes[i].Fate == Fate.Waiting)
            {
                _changes[i] = (_changes[i].Change, fate);
            }
        }
    }
}
