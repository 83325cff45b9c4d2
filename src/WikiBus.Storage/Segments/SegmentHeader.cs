using System.Buffers.Binary;
using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>The first bytes of a segment. Little-endian; see docs/log-format.md.</summary>
internal sealed record SegmentHeader
{
    public const int Length = 96;
    public const ushort Version = 2;

    /// <summary>Not text, so that a converted newline or a stripped high bit is noticed.</summary>
    private const ulong Magic = 0x0A1A_0D53_4257_8957;

    /// <summary>The segment holds events; no other kind exists.</summary>
    private const ushort EventsKind = 1;

    private const int CrcAt = 92;

    /// <summary>Changes when a repair cut records; the newest segment's is the log's.</summary>
    public required Guid LogId { get; init; }

    /// <summary>Consecutive from 1; a missing number is a missing segment.</summary>
    public required long Number { get; init; }

    /// <summary>No record in this segment has a smaller position.</summary>
    public required long FirstPosition { get; init; }

    /// <summary>
    /// Where the segment before this one ends, in bytes; what lies beyond was never acknowledged. 0: there is none.
    /// </summary>
    public required long PredecessorEnd { get; init; }

    /// <summary>
    /// Random, and repeated in every frame of the segment, so that no payload can pass for a frame.
    /// It is never shown outside of the files.
    /// </summary>
    public required ulong Salt { get; init; }

    /// <summary>Seed of the identity hashes; the same in all segments of a log.</summary>
    public ulong IdentitySeed { get; init; }

    /// <summary>The highest clock (Unix ms) of all records before this segment.</summary>
    public long ClockMaxMs { get; init; }

    /// <summary>Why a segment of an earlier format version is refused, and what to do.</summary>
    public static string TooOld(string path) =>
        $"{path} is of an earlier format version than {Version}, which this program neither reads nor converts. "
        + "Open it with the program that wrote it, or name another data directory.";

    /// <summary>Why a segment of a later format version is refused, and what to do.</summary>
    public static string TooNew(string path) =>
        $"{path} is of a newer format version than {Version}. Use a newer version of the program to open this log.";

    public void Write(Span<byte> to)
    {
        to = to[..Length];
        to.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], EventsKind);
        LogId.TryWriteBytes(to[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], FirstPosition);
        BinaryPrimitives.WriteInt64LittleEndian(to[48..], PredecessorEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(to[56..], Salt);
        BinaryPrimitives.WriteUInt64LittleEndian(to[64..], IdentitySeed);
        BinaryPrimitives.WriteInt64LittleEndian(to[72..], ClockMaxMs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Crc32C.Compute(to[..CrcAt]));
    }

    /// <summary>Reads the header of a file.</summary>
    public static SegmentHeaderStatus TryRead(IStorageFile file, out SegmentHeader? header)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var length = file.Read(0, bytes);
        return TryRead(bytes[..length], out header);
    }

    public static SegmentHeaderStatus TryRead(ReadOnlySpan<byte> from, out SegmentHeader? header)
    {
        header = null;
        if (from.Length < Length || BinaryPrimitives.ReadUInt64LittleEndian(from) != Magic)
        {
            return SegmentHeaderStatus.Invalid;
        }

        from = from[..Length];
        var isIntact = BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) == Crc32C.Compute(from[..CrcAt]);
        var version = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]);
        if (!isIntact || version == 0)
        {
            // A wrong version with a wrong checksum is damage: every version has its checksum at the same place.
            return SegmentHeaderStatus.Invalid;
        }

        if (version != Version)
        {
            return version > Version ? SegmentHeaderStatus.Newer : SegmentHeaderStatus.Older;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(from[10..]) != EventsKind)
        {
            return SegmentHeaderStatus.Invalid;
        }

        header = new SegmentHeader
        {
            LogId = new Guid(from.Slice(16, 16), bigEndian: true),
            Number = BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            FirstPosition = BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            PredecessorEnd = BinaryPrimitives.ReadInt64LittleEndian(from[48..]),
            Salt = BinaryPrimitives.ReadUInt64LittleEndian(from[56..]),
            IdentitySeed = BinaryPrimitives.ReadUInt64LittleEndian(from[64..]),
            ClockMaxMs = BinaryPrimitives.ReadInt64LittleEndian(from[72..]),
        };
        return SegmentHeaderStatus.Valid;
    }
}
