using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>The part of a segment that a batch's memory holds.</summary>
internal sealed class SegmentWindow(RecentFrames recent)
{
    /// <summary>Bytes worth reading at once where only headers are wanted: several small frames' or one's.</summary>
    public const int HeaderBytes = 4096;

    private RecordBatch? _batch;
    private long _offset;

    /// <summary>Bytes that it holds.</summary>
    public int Length { get; private set; }

    /// <summary>The window is in this batch's memory from now on, and empty.</summary>
    public void Attach(RecordBatch batch)
    {
        _batch = batch;
        Clear();
    }

    /// <summary>What the window holds is of another segment.</summary>
    public void Clear() => Length = 0;

    public bool Contains(long offset, int length) => offset >= _offset && offset + length <= _offset + Length;

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
        Length = recent.TryRead(segment.Segment.Number, offset, bytes) ? wanted : segment.File.Read(offset, bytes);
    }
}
