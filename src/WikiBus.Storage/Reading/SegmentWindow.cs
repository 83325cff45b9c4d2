using System.Diagnostics;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>The part of a segment that a batch's memory holds.</summary>
internal sealed class SegmentWindow(RecentFrames recent)
{
    /// <summary>Bytes of a read for headers only: several small frames, or the header of a large one.</summary>
    public const int HeaderBytes = 4096;

    private RecordBatch? _batch;
    private long _offset;

    /// <summary>Bytes that it holds.</summary>
    public int Length { get; private set; }

    /// <summary>From now on the window uses this batch's memory. It starts empty.</summary>
    public void Attach(RecordBatch batch)
    {
        _batch = batch;
        Clear();
    }

    /// <summary>Empties the window: what it holds is of another segment.</summary>
    public void Clear() => Length = 0;

    public bool Contains(long offset, int length) => offset >= _offset && offset + length <= _offset + Length;

    /// <summary>Bytes that the window contains.</summary>
    public ReadOnlyMemory<byte> Slice(long offset, int length)
    {
        Debug.Assert(Contains(offset, length), "Only bytes of the window are given out.");
        return _batch!.Memory.Slice((int)(offset - _offset), length);
    }

    /// <summary>
    /// Moves the window: at least <paramref name="length"/> bytes at an offset if the file has them before its end.
    /// </summary>
    public void Load(SegmentFile segment, long offset, int length, long end)
    {
        var wanted = (int)Math.Min(length, end - offset);
        _batch!.Reserve(wanted);
        _offset = offset;
        var bytes = _batch.Memory.Span[..wanted];
        Length = recent.TryRead(segment.Segment.Number, offset, bytes) ? wanted : segment.File.Read(offset, bytes);
    }
}
