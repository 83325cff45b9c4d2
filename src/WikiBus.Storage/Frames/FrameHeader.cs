using System.Buffers.Binary;

namespace WikiBus.Storage.Frames;

/// <summary>
/// The head of a frame: one commit. Its checksum covers the record lengths, the segment's salt and the frame's own
/// place in the file. So a copy of a frame at another place (a payload that quotes a segment) is not valid.
/// </summary>
internal readonly struct FrameHeader
{
    public const int FixedLength = 40;
    public const int Alignment = 8;
    public const byte Version = 2;
    public const byte CodecNone = 0;

    /// <summary>Most records in a frame.</summary>
    public const int RecordCountMax = 65_536;

    public const uint Magic = 0xF24D_5242;

    public required long FileOffset { get; init; }

    public required FrameKind Kind { get; init; }

    public required int RecordCount { get; init; }

    /// <summary>Bytes of all records together.</summary>
    public required int BodyLength { get; init; }

    /// <summary>
    /// Position of the first record (of the next one, where the frame has none). Record n of a frame of records has
    /// this position plus n.
    /// </summary>
    public required long FirstPosition { get; init; }

    public int HeaderLength => LengthFor(RecordCount);

    public long BodyOffset => FileOffset + HeaderLength;

    /// <summary>Where the next frame begins.</summary>
    public long EndOffset => FileOffset + Align((long)HeaderLength + BodyLength);

    public static int LengthFor(int recordCount) => (int)Align(FixedLength + (4L * recordCount));

    public static long Align(long length) => (length + Alignment - 1) & -Alignment;

    /// <summary>Length of record <paramref name="index"/>, from the header's bytes.</summary>
    public static int RecordLength(ReadOnlySpan<byte> header, int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(header[(FixedLength + (4 * index))..]);

    /// <summary>The record count of a header whose checksum was not tested yet, limited to its range.</summary>
    public static int CountOf(ReadOnlySpan<byte> header) =>
        Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(header[12..]), 0, RecordCountMax);

    /// <summary>Completes a header whose record lengths are in <paramref name="to"/> already.</summary>
    public void Write(Span<byte> to, ulong salt)
    {
        to = to[..HeaderLength];
        to[..FixedLength].Clear();
        to[(FixedLength + (4 * RecordCount))..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        to[8] = Version;
        to[9] = CodecNone;
        to[10] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], RecordCount);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], BodyLength);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], FirstPosition);
        BinaryPrimitives.WriteUInt64LittleEndian(to[32..], salt);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Checksum(to, FileOffset));
    }

    /// <summary>Reads the header that may begin at <paramref name="fileOffset"/>.</summary>
    public static FrameStatus TryRead(ReadOnlySpan<byte> from, long fileOffset, ulong salt, out FrameHeader header)
    {
        header = default;
        if (from.Length < FixedLength)
        {
            return FrameStatus.Short;
        }

        var recordCount = BinaryPrimitives.ReadInt32LittleEndian(from[12..]);
        var bodyLength = BinaryPrimitives.ReadInt32LittleEndian(from[16..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(from[32..]) != salt
            || recordCount is < 0 or > RecordCountMax
            || bodyLength < 0)
        {
            return FrameStatus.Invalid;
        }

        var length = LengthFor(recordCount);
        if (from.Length < length)
        {
            return FrameStatus.Short;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) != Checksum(from[..length], fileOffset))
        {
            return FrameStatus.Invalid;
        }

        header = new FrameHeader
        {
            FileOffset = fileOffset,
            Kind = (FrameKind)from[10],
            RecordCount = recordCount,
            BodyLength = bodyLength,
            FirstPosition = BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
        };
        return from[8] != Version || from[9] != CodecNone ? FrameStatus.OtherVersion : FrameStatus.Valid;
    }

    private static uint Checksum(ReadOnlySpan<byte> header, long fileOffset)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(place, fileOffset);
        return Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, header[8..]), place));
    }
}
