using System.Collections.Immutable;

namespace WikiBus.Storage.State;

/// <summary>
/// The keys of the state store in byte order, as they are at one moment. Never changes: a commit makes a new one that
/// shares all but a path of the tree. So readers need no lock, a batch appears at once, and the view that a snapshot is
/// written from costs nothing. The price is a look-up in logarithmic time and a tree node per key.
/// </summary>
internal sealed class StateIndex
{
    public static readonly StateIndex Empty = From([]);

    private readonly ImmutableSortedSet<StateEntry> _entries;

    private StateIndex(ImmutableSortedSet<StateEntry> entries) => _entries = entries;

    /// <summary>An index of entries in any order, each key once.</summary>
    public static StateIndex From(IEnumerable<StateEntry> entries) =>
        new(ImmutableSortedSet.CreateRange(new KeyOrder(), entries));

    public int Count => _entries.Count;

    /// <summary>All entries, in byte order of the keys.</summary>
    public IReadOnlyCollection<StateEntry> Entries => _entries;

    public StateEntry? Find(ReadOnlySpan<byte> key) =>
        _entries.TryGetValue(StateEntry.Probe(key), out var found) ? found : null;

    /// <summary>Entries whose keys start with a prefix and come after another key, in byte order.</summary>
    public IEnumerable<StateEntry> List(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> after)
    {
        var start = after.SequenceCompareTo(prefix) >= 0 && !after.IsEmpty ? IndexAfter(after) : IndexFrom(prefix);
        return Walk(start, prefix.ToArray());
    }

    public Builder ToBuilder() => new(_entries.ToBuilder());

    private IEnumerable<StateEntry> Walk(int start, byte[] prefix)
    {
        for (var i = start; i < _entries.Count && _entries[i].Key.AsSpan().StartsWith(prefix); i++)
        {
            yield return _entries[i];
        }
    }

    private int IndexFrom(ReadOnlySpan<byte> key)
    {
        var index = _entries.IndexOf(StateEntry.Probe(key));
        return index < 0 ? ~index : index;
    }

    private int IndexAfter(ReadOnlySpan<byte> key)
    {
        var index = _entries.IndexOf(StateEntry.Probe(key));
        return index < 0 ? ~index : index + 1;
    }

    /// <summary>Collects the changes that lead to the next index. Not safe for concurrent use.</summary>
    internal sealed class Builder(ImmutableSortedSet<StateEntry>.Builder entries)
    {
        public StateEntry? Find(ReadOnlySpan<byte> key) =>
            entries.TryGetValue(StateEntry.Probe(key), out var found) ? found : null;

        public void Put(StateEntry entry)
        {
            entries.Remove(entry);
            entries.Add(entry);
        }

        public void Delete(ReadOnlySpan<byte> key) => entries.Remove(StateEntry.Probe(key));

        public StateIndex ToIndex() => new(entries.ToImmutable());
    }

    private sealed class KeyOrder : IComparer<StateEntry>
    {
        public int Compare(StateEntry? x, StateEntry? y) => x!.Key.AsSpan().SequenceCompareTo(y!.Key);
    }
}
