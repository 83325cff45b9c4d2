using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>
/// A place in a segment's frames: before a frame's header, or before one of its records. It asks for the bytes it
/// needs next, so that a frame may be larger than any window.
/// </summary>
internal struct FrameCursor(long offset, ulong salt)
{
    private int[] _recordLengths = [];
    private int _recordCount;
    private int _recordIndex;
    private long _nextFrame;

    /// <summary>Where the next header or record begins.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Bytes that the next step needs from <see cref="Offset"/> on.</summary>
    public int BytesNeeded { get; private set; } = FrameHeader.FixedLength;

    /// <summary>The last step found what is no frame or record; the cursor still stands before it.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>
    /// One step over bytes that are there: true with a record whose checksum and lengths fit; false after a header (or
    /// when a longer header asks for more bytes, or for damage).
    /// </summary>
    public bool TryStep(SegmentWindow window, out ReadOnlyMemory<byte> record)
    {
        record = default;
        IsDamaged = false;
        var bytes = window.Slice(Offset, BytesNeeded);
        if (_recordIndex == _recordCount)
        {
            EnterFrame(bytes.Span);
            return false;
        }

        if (!FrameScanner.IsIntact(bytes.Span) || !new RecordView(bytes).IsWellFormed)
        {
            IsDamaged = true;
            return false;
        }

        record = bytes;
        Offset += BytesNeeded;
        _recordIndex++;
        Prepare();
        return true;
    }

    private void EnterFrame(ReadOnlySpan<byte> bytes)
    {
        switch (FrameHeader.TryRead(bytes, Offset, salt, out var header))
        {
            case FrameStatus.Short:
                BytesNeeded = FrameHeader.LengthFor(FrameHeader.CountOf(bytes));
                return;
            case FrameStatus.Valid:
                break;
            default:
                IsDamaged = true;
                return;
        }

        // Other kinds (end mark, stream table) hold no records of the log.
        _recordCount = header.Kind == FrameKind.Records ? header.RecordCount : 0;
        _recordIndex = 0;
        _nextFrame = header.EndOffset;
        if (_recordLengths.Length < _recordCount)
        {
            _recordLengths = new int[_recordCount];
        }

        for (var index = 0; index < _recordCount; index++)
        {
            _recordLengths[index] = FrameHeader.RecordLength(bytes, index);
        }

        Offset = header.BodyOffset;
        Prepare();
    }

    private void Prepare()
    {
        if (_recordIndex < _recordCount)
        {
            BytesNeeded = Math.Max(_recordLengths[_recordIndex], FrameBuffer.RecordChecksumLength);
            return;
        }

        _recordCount = _recordIndex = 0;
        Offset = _nextFrame;
        BytesNeeded = FrameHeader.FixedLength;
    }
}
