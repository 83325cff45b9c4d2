namespace WikiBus.Storage.Frames;

/// <summary>Walks the records of an intact frame.</summary>
internal struct RecordEnumerator(ReadOnlyMemory<byte> frame, FrameHeader header)
{
    private int _index = -1;
    private int _next = header.HeaderLength;

    /// <summary>The record, checksum included.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    public bool MoveNext()
    {
        if (++_index >= header.RecordCount)
        {
            return false;
        }

        var length = FrameHeader.RecordLength(frame.Span, _index);
        Current = frame.Slice(_next, length);
        _next += length;
        return true;
    }

    public readonly RecordEnumerator GetEnumerator() => this;
}
