using System.Buffers.Binary;

namespace WikiBus.Storage.Frames;

/// <summary>
/// Walks the frames of a segment in order and checks every checksum, up to the first place without an intact frame. Not
/// safe for concurrent use.
/// </summary>
internal sealed class FrameScanner(IStorageFile file, long offset, long end, ulong salt)
{
    private const int ReadBytesMin = 1 << 20;

    private byte[] _bytes = [];
    private long _bytesOffset;
    private int _bytesLength;
    private int _frameAt;

    /// <summary>The current frame.</summary>
    public FrameHeader Frame { get; private set; }

    /// <summary>
    /// Where the next frame begins; after <see cref="Next"/> returned false, the place without an intact frame.
    /// </summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Why <see cref="Next"/> returned false.</summary>
    public FrameStatus Status { get; private set; }

    /// <summary>
    /// After <see cref="Next"/> returned false: the frame at <see cref="Offset"/> if its header is intact, and only
    /// records of it are damaged; else null.
    /// </summary>
    public FrameHeader? DamagedFrame { get; private set; }

    /// <summary>True if the padding of the current frame is zero, as it is written.</summary>
    public bool IsPaddingClean
    {
        get
        {
            var frame = _bytes.AsSpan(_frameAt, (int)(Frame.EndOffset - Frame.FileOffset));
            return !frame[(Frame.HeaderLength + Frame.BodyLength)..].ContainsAnyExcept((byte)0);
        }
    }

    public bool Next()
    {
        DamagedFrame = null;
        Status = ReadHeader(out var header);
        if (Status != FrameStatus.Valid)
        {
            return false;
        }

        if (!AreRecordsIntact(header))
        {
            DamagedFrame = header;
            Status = FrameStatus.Invalid;
            return false;
        }

        Frame = header;
        Offset = header.EndOffset;
        return true;
    }

    /// <summary>The current frame's records, checksums included; valid until <see cref="Next"/>.</summary>
    public RecordEnumerator Records => new(_bytes.AsMemory(_frameAt), Frame);

    /// <summary>Copies of the intact records of <see cref="DamagedFrame"/>.</summary>
    public List<ReadOnlyMemory<byte>> CopyIntactRecords()
    {
        var records = new List<ReadOnlyMemory<byte>>();
        if (DamagedFrame is not { } header)
        {
            return records;
        }

        var frame = Bytes((int)(header.EndOffset - header.FileOffset));
        var at = header.HeaderLength;
        for (var index = 0; index < header.RecordCount && TryFind(frame, header, index, at, out var record); index++)
        {
            if (IsIntact(record))
            {
                records.Add(record.ToArray());
            }

            at += record.Length;
        }

        return records;
    }

    private FrameStatus ReadHeader(out FrameHeader header)
    {
        var bytes = Bytes(FrameHeader.FixedLength);
        var status = FrameHeader.TryRead(bytes, Offset, salt, out header);
        if (status == FrameStatus.Short && bytes.Length >= FrameHeader.FixedLength)
        {
            bytes = Bytes(FrameHeader.LengthFor(FrameHeader.CountOf(bytes)));
            status = FrameHeader.TryRead(bytes, Offset, salt, out header);
        }

        return status == FrameStatus.Short ? FrameStatus.Invalid : status;
    }

    private bool AreRecordsIntact(FrameHeader header)
    {
        if (header.EndOffset > end)
        {
            return false;
        }

        var frame = Bytes((int)(header.EndOffset - header.FileOffset));
        if (frame.Length < header.EndOffset - header.FileOffset)
        {
            return false;
        }

        var at = header.HeaderLength;
        for (var index = 0; index < header.RecordCount; index++)
        {
            if (!TryFind(frame, header, index, at, out var record) || !IsIntact(record))
            {
                return false;
            }

            at += record.Length;
        }

        return at == header.HeaderLength + header.BodyLength;
    }

    /// <summary>A record, checksum included; false if it is not wholly inside the bytes of the frame.</summary>
    private static bool TryFind(
        ReadOnlySpan<byte> frame, FrameHeader header, int index, int at, out ReadOnlySpan<byte> record)
    {
        // The header's checksum covers the lengths.
        var length = FrameHeader.RecordLength(frame, index);
        var end = Math.Min(frame.Length, header.HeaderLength + header.BodyLength);
        var isInside = length >= FrameBuffer.RecordChecksumLength && length <= end - at;
        record = isInside ? frame.Slice(at, length) : default;
        return isInside;
    }

    /// <summary>True if a record's checksum is right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record)
        == Crc32C.Compute(record[FrameBuffer.RecordChecksumLength..]);

    /// <summary>At least <paramref name="length"/> bytes from <see cref="Offset"/> on, fewer at the end.</summary>
    private ReadOnlySpan<byte> Bytes(int length)
    {
        if (Offset < _bytesOffset || Offset + length > _bytesOffset + _bytesLength)
        {
            var wanted = (int)Math.Min(Math.Max(length, ReadBytesMin), Math.Max(0, end - Offset));
            if (_bytes.Length < wanted)
            {
                _bytes = GC.AllocateUninitializedArray<byte>(wanted);
            }

            _bytesOffset = Offset;
            _bytesLength = file.Read(Offset, _bytes.AsSpan(0, wanted));
        }

        _frameAt = (int)(Offset - _bytesOffset);
        return _bytes.AsSpan(_frameAt, _bytesLength - _frameAt);
    }
}
