using System.Collections.Concurrent;
using System.Text;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// All streams that the log ever had. Reading is safe for concurrent use; adding belongs to whoever fills frames.
/// </summary>
internal sealed class StreamTable
{
    private readonly ConcurrentDictionary<string, StreamEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StreamEntry>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public StreamTable() => _byText = _entries.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Streams, those included whose first record is not durable yet.</summary>
    public int Count => _entries.Count;

    /// <summary>Streams that have, or once had, a durable record.</summary>
    public IEnumerable<StreamEntry> Committed =>
        _entries.Select(pair => pair.Value).Where(entry => entry.Committed.NextOffset > 0);

    public StreamEntry? Find(string name) => _entries.GetValueOrDefault(name);

    public StreamEntry GetOrAdd(string name) => _entries.GetOrAdd(name, static text => new StreamEntry(text));

    /// <summary>The one string instance of a name.</summary>
    public string NameOf(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[byte.MaxValue];
        text = text[..Encoding.ASCII.GetChars(name, text)];
        return _byText.TryGetValue(text, out var entry) ? entry.Name : GetOrAdd(text.ToString()).Name;
    }

    /// <summary>Takes back what was given to records that were not made durable.</summary>
    public void RollBack()
    {
        foreach (var (name, entry) in _entries)
        {
            entry.RollBack();
            if (entry.NextOffset == 0)
            {
                _entries.TryRemove(name, out _);
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
