using System.Diagnostics;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Reading;

/// <summary>
/// A place in a segment's frames: before a frame's header, or before one of its records. It asks for the bytes that it
/// needs next, so that a frame may be larger than any window. A frame's records have consecutive positions, so the
/// cursor goes from the header straight to the wanted record, however many lie before it.
/// </summary>
/// <param name="offset">Where a frame begins, at or before the one with the position.</param>
/// <param name="salt">The segment's.</param>
/// <param name="position">The first position wanted.</param>
internal struct FrameCursor(long offset, ulong salt, long position)
{
    private int[] _recordLengths = [];
    private int _recordCount;
    private int _recordIndex;
    private long _nextFrame;

    /// <summary>Records before this position were read or passed over.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Where the next header or record begins.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Bytes that the next step needs from <see cref="Offset"/> on.</summary>
    public int BytesNeeded { get; private set; } = FrameHeader.FixedLength;

    /// <summary>The last step found bytes that are not a frame or record; the cursor stays before them.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The next step reads a header, which may lead far ahead.</summary>
    public readonly bool IsBeforeHeader => _recordIndex == _recordCount;

    /// <summary>
    /// One step over bytes that the window has: true with a record whose checksum, lengths and position fit; false
    /// after a header (or when a longer header asks for more bytes, or for damage).
    /// </summary>
    public bool TryStep(SegmentWindow window, out ReadOnlyMemory<byte> record)
    {
        record = default;
        IsDamaged = false;
        var bytes = window.Slice(Offset, BytesNeeded);
        if (IsBeforeHeader)
        {
            EnterFrame(bytes.Span);
            return false;
        }

        if (!FrameScanner.IsIntact(bytes.Span)
            || new RecordView(bytes) is not { IsWellFormed: true } view || view.Position != Position)
        {
            IsDamaged = true;
            return false;
        }

        record = bytes;
        Offset += BytesNeeded;
        Position++;
        _recordIndex++;
        PrepareStep();
        return true;
    }

    private void EnterFrame(ReadOnlySpan<byte> bytes)
    {
        switch (FrameHeader.TryRead(bytes, Offset, salt, out var header))
        {
            case FrameStatus.Short:
                Debug.Assert(FrameHeader.LengthFor(FrameHeader.CountOf(bytes)) > BytesNeeded, "It asks for more.");
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
        _recordIndex = (int)Math.Clamp(Position - header.FirstPosition, 0, _recordCount);
        _nextFrame = header.EndOffset;
        Offset = header.BodyOffset;
        if (!IsBeforeHeader)
        {
            Position = header.FirstPosition + _recordIndex;
            ReadLengths(bytes);
        }

        PrepareStep();
    }

    private void ReadLengths(ReadOnlySpan<byte> header)
    {
        if (_recordLengths.Length < _recordCount)
        {
            _recordLengths = new int[_recordCount];
        }

        for (var index = 0; index < _recordCount; index++)
        {
            _recordLengths[index] = FrameHeader.RecordLength(header, index);
            Offset += index < _recordIndex ? _recordLengths[index] : 0;
        }
    }

    private void PrepareStep()
    {
        if (!IsBeforeHeader)
        {
            BytesNeeded = Math.Max(_recordLengths[_recordIndex], FrameBuffer.RecordChecksumLength);
            return;
        }

        _recordCount = _recordIndex = 0;
        Offset = _nextFrame;
        BytesNeeded = FrameHeader.FixedLength;
    }
}
