using System.Buffers.Binary;
using System.Diagnostics;

namespace WikiBus.Storage.Frames;

/// <summary>
/// A frame that fills in memory. Every record begins with the CRC-32C of the rest of it, which this class computes.
/// Reused from frame to frame; not safe for concurrent use.
/// </summary>
internal sealed class FrameBuffer
{
    public const int RecordChecksumLength = 4;

    private const int BodyLengthFirst = 64 * 1024;

    /// <summary>
    /// The header grows downwards from here while the records grow upwards: the frame is contiguous, and nothing is
    /// moved.
    /// </summary>
    private static readonly int s_bodyStart = FrameHeader.LengthFor(FrameHeader.RecordCountMax);

    private readonly int _lengthKeptMax;
    private byte[] _bytes;
    private int[] _ends = new int[64];

    /// <param name="bodyKeptMax">Bytes of records for which room is kept from frame to frame. A larger buffer, made for
    /// one large request, is released after it.</param>
    public FrameBuffer(int bodyKeptMax)
    {
        _lengthKeptMax = s_bodyStart + bodyKeptMax;
        _bytes = NewBytes(s_bodyStart + BodyLengthFirst);
    }

    public int RecordCount { get; private set; }

    public int BodyLength { get; private set; }

    /// <summary>A record added before, checksum included.</summary>
    public ReadOnlyMemory<byte> Record(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsMemory(s_bodyStart + start, _ends[index] - start);
    }

    /// <summary>Room for a record's content; all of it must be written before <see cref="EndRecord"/>.</summary>
    public Span<byte> BeginRecord(int contentLength)
    {
        Debug.Assert(RecordCount < FrameHeader.RecordCountMax, "A frame has at most 65,536 records.");
        var length = checked(RecordChecksumLength + contentLength);
        Reserve(checked(s_bodyStart + BodyLength + length));
        if (RecordCount == _ends.Length)
        {
            Array.Resize(ref _ends, _ends.Length * 2);
        }

        _ends[RecordCount] = BodyLength + length;
        return _bytes.AsSpan(s_bodyStart + BodyLength + RecordChecksumLength, contentLength);
    }

    public void EndRecord()
    {
        var record = _bytes.AsSpan(s_bodyStart + BodyLength, _ends[RecordCount] - BodyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Compute(record[RecordChecksumLength..]));
        BodyLength = _ends[RecordCount];
        RecordCount++;
    }

    /// <summary>The whole frame as it is written to the file; valid until the buffer is used again.</summary>
    /// <param name="kind">The frame's kind.</param>
    /// <param name="firstPosition">Position of the first record.</param>
    /// <param name="fileOffset">Where the frame begins in the file.</param>
    /// <param name="salt">The segment's.</param>
    public ReadOnlyMemory<byte> Finish(FrameKind kind, long firstPosition, long fileOffset, ulong salt)
    {
        var header = new FrameHeader
        {
            FileOffset = fileOffset,
            Kind = kind,
            RecordCount = RecordCount,
            BodyLength = BodyLength,
            FirstPosition = firstPosition,
        };
        var start = s_bodyStart - header.HeaderLength;
        var headerBytes = _bytes.AsSpan(start, header.HeaderLength);
        for (int index = 0, previous = 0; index < RecordCount; previous = _ends[index++])
        {
            BinaryPrimitives.WriteInt32LittleEndian(
                headerBytes[(FrameHeader.FixedLength + (4 * index))..], _ends[index] - previous);
        }

        header.Write(headerBytes, salt);
        var frame = _bytes.AsMemory(start, (int)(header.EndOffset - fileOffset));
        frame.Span[(header.HeaderLength + BodyLength)..].Clear();
        return frame;
    }

    /// <summary>Length of the frame if it were finished now.</summary>
    public long FrameLength => FrameHeader.Align((long)FrameHeader.LengthFor(RecordCount) + BodyLength);

    public void Clear()
    {
        RecordCount = 0;
        BodyLength = 0;
        if (_bytes.Length > Math.Max(_lengthKeptMax, s_bodyStart + BodyLengthFirst))
        {
            _bytes = NewBytes(s_bodyStart + BodyLengthFirst);
        }
    }

    private static byte[] NewBytes(long length) =>
        GC.AllocateUninitializedArray<byte>((int)Math.Min(length, Array.MaxLength));

    private void Reserve(int length)
    {
        if (length <= _bytes.Length)
        {
            return;
        }

        // Doubled, but not beyond what is kept: a larger buffer becomes garbage after each frame.
        var larger = NewBytes(
            length <= _lengthKeptMax ? Math.Min(length * 2L, _lengthKeptMax) : length * 2L);
        _bytes.AsSpan(s_bodyStart, BodyLength).CopyTo(larger.AsSpan(s_bodyStart));
        _bytes = larger;
    }
}
