using System.Collections.Concurrent;
using System.Text;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Streams;

/// <summary>
/// All streams that the log ever had. Reading is safe for concurrent use; committing and taking back belong to the
/// writer's thread.
/// </summary>
internal sealed class StreamTable
{
    private readonly ConcurrentDictionary<string, StreamEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StreamEntry>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private int _count;
    private int _committedCount;

    public StreamTable() => _byText = _entries.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Streams, those included whose first record is not durable yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Streams that have, or once had, a durable record.</summary>
    public int CommittedCount => Volatile.Read(ref _committedCount);

    /// <inheritdoc cref="CommittedCount" />
    public IEnumerable<StreamEntry> Committed =>
        _entries.Select(pair => pair.Value).Where(entry => entry.IsCommitted);

    public StreamEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <param name="name">The name in ASCII.</param>
    public StreamEntry? Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[byte.MaxValue];
        if (name.Length > text.Length)
        {
            return null;
        }

        return _byText.TryGetValue(text[..Encoding.ASCII.GetChars(name, text)], out var entry) ? entry : null;
    }

    public StreamEntry GetOrAdd(string name)
    {
        if (_entries.TryGetValue(name, out var known))
        {
            return known;
        }

        var added = new StreamEntry(name);
        var entry = _entries.GetOrAdd(name, added);
        if (entry == added)
        {
            Interlocked.Increment(ref _count);
        }

        return entry;
    }

    /// <summary>The one string instance of a name.</summary>
    public string NameOf(ReadOnlySpan<byte> name) =>
        (Find(name) ?? GetOrAdd(Encoding.ASCII.GetString(name))).Name;

    /// <summary>The stream's records up to here are durable.</summary>
    public void Commit(string name, StreamTail tail)
    {
        var entry = GetOrAdd(name);
        if (!entry.IsCommitted)
        {
            Interlocked.Increment(ref _committedCount);
        }

        entry.Commit(tail);
    }

    /// <summary>Takes a stream as it was found on disk.</summary>
    public void Restore(string name, StreamTail tail)
    {
        Commit(name, tail);
        GetOrAdd(name).RollBack();
    }

    /// <summary>Takes back what was given to records that were not made durable.</summary>
    public void RollBack()
    {
        foreach (var (name, entry) in _entries)
        {
            entry.RollBack();
            if (!entry.IsCommitted && _entries.TryRemove(name, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    public void WriteTo(FrameBuffer frame)
    {
        foreach (var entry in Committed)
        {
            StreamTableFrame.Add(frame, entry.Name, entry.Committed);
        }
    }
}
