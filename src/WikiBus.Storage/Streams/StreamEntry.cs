using System.Diagnostics;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Streams;

/// <summary>A stream as the writer and the readers know it.</summary>
internal sealed class StreamEntry(string name)
{
    private readonly Lock _gate = new();
    private StreamTail _committed = new(0, 0, -1);

    public string Name { get; } = name;

    /// <summary>
    /// The offset that the next record gets; it runs ahead of the disk. Belongs to the writer's thread.
    /// </summary>
    public long NextOffset { get; private set; }

    /// <summary>What is durable.</summary>
    public StreamTail Committed
    {
        get
        {
            lock (_gate)
            {
                return _committed;
            }
        }
    }

    /// <summary>The stream has, or once had, a durable record.</summary>
    public bool IsCommitted => Committed.NextOffset > 0;

    public long TakeOffset() => NextOffset++;

    /// <summary>Returns to what is durable: after a failed flush, the offsets are given again.</summary>
    public void RollBack() => NextOffset = Committed.NextOffset;

    /// <summary>The stream's records up to here are durable.</summary>
    public void Commit(StreamTail tail)
    {
        lock (_gate)
        {
            Debug.Assert(tail.NextOffset >= _committed.NextOffset, "Offsets only grow.");
            _committed = tail;
        }
    }
}
