using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>The part of a segment that a batch's memory holds.</summary>
internal sealed class SegmentWindow(RecentFrames recent)
{
    private RecordBatch? _batch;
    private long _offset;
    private int _length;

    /// <summary>The window is in this batch's memory from now on, and empty.</summary>
    public void Attach(RecordBatch batch)
    {
        _batch = batch;
        Clear();
    }

    /// <summary>What the window holds is of another segment.</summary>
    public void Clear() => _length = 0;

    public bool Contains(long offset, int length) => offset >= _offset && offset + length <= _offset + _length;

    /// <summary>Bytes that <see cref="Contains"/>.</summary>
    public ReadOnlyMemory<byte> Slice(long offset, int length) =>
        _batch!.Memory.Slice((int)(offset - _offset), length);

    /// <summary>
    /// Moves the window: at least <paramref name="length"/> bytes at an offset if the file has them before its end.
    /// </summary>
    public void Load(SegmentFile segment, long offset, int length, long end)
    {
        var wanted = (int)Math.Min(length, end - offset);
        _batch!.Reserve(wanted);
        _offset = offset;
        var bytes = _batch.Memory.Span[..wanted];
        _length = recent.TryRead(segment.Segment.Number, offset, bytes) ? wanted : segment.File.Read(offset, bytes);
    }
}
