using System.Buffers.Binary;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Codec of id files (docs/log-format.md, "Id files"): a filter that shows which hashes are not in the file, then the
/// ids of a segment's records, sorted by hash; both in blocks with a checksum each, so that one id is found by reading
/// a few blocks. Never flushed: what does not pass its checksum is made again, and so is a file of another version.
/// </summary>
internal static class IdFile
{
    public const int HeaderLength = 64;
    public const int BlockLength = 4096;
    public const int EntriesPerBlock = (BlockLength - 4) / EntryLength;

    /// <summary>Its last letter is the version.</summary>
    private const ulong Magic = 0x3353_4449_5342_4957;
    private const int EntryLength = 24;
    private const int CrcAt = 60;
    private const long ConflictFlag = 1L << 62;

    public static byte[] Write(SegmentIndex index, IdEntry[] entries, in EventTimes times)
    {
        Array.Sort(entries, static (left, right) => left.Key.CompareTo(right.Key));
        var filterLength = IdFilter.BlockCount(entries.Length) * BlockLength;
        var bytes = new byte[LengthOf(entries.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), index.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), index.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), index.EndOffset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), entries.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), times.MinMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), times.MaxMs);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(0, CrcAt)));
        var filter = bytes.AsSpan(HeaderLength, filterLength);
        var blocks = bytes.AsSpan(HeaderLength + filterLength);
        for (var at = 0; at < entries.Length; at++)
        {
            IdFilter.Add(filter, entries[at].Key);
            var block = blocks.Slice(at / EntriesPerBlock * BlockLength, BlockLength);
            WriteEntry(block[(at % EntriesPerBlock * EntryLength)..], entries[at]);
        }

        for (var at = HeaderLength; at < bytes.Length; at += BlockLength)
        {
            var block = bytes.AsSpan(at, BlockLength);
            BinaryPrimitives.WriteUInt32LittleEndian(block[(BlockLength - 4)..], Crc32C.Compute(block[..^4]));
        }

        return bytes;
    }

    /// <summary>Blocks of entries.</summary>
    public static int BlockCount(int entryCount) => (entryCount + EntriesPerBlock - 1) / EntriesPerBlock;

    /// <summary>Length of a file with this number of ids.</summary>
    public static long LengthOf(int entryCount) =>
        HeaderLength + ((long)BlockLength * (IdFilter.BlockCount(entryCount) + BlockCount(entryCount)));

    /// <summary>
    /// The number of ids in the file, the byte of the segment that they reach to, and the times of their events; null
    /// if the file is not the segment's.
    /// </summary>
    public static (int Count, long EndOffset, EventTimes Times)? TryReadHeader(
        ReadOnlySpan<byte> bytes, SegmentHeader segment)
    {
        if (bytes.Length < HeaderLength
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) != segment.Salt
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[..CrcAt]))
        {
            return null;
        }

        return (
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            new EventTimes(
                BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[48..])));
    }

    /// <summary>False if the block's checksum is wrong.</summary>
    public static bool IsBlockIntact(ReadOnlySpan<byte> block) => block.Length == BlockLength
        && BinaryPrimitives.ReadUInt32LittleEndian(block[(BlockLength - 4)..]) == Crc32C.Compute(block[..^4]);

    public static IdEntry ReadEntry(ReadOnlySpan<byte> block, int index)
    {
        var from = block[(index * EntryLength)..];
        var position = BinaryPrimitives.ReadInt64LittleEndian(from[16..]);
        return new IdEntry(
            BinaryPrimitives.ReadUInt64LittleEndian(from),
            BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            position & ~ConflictFlag,
            (position & ConflictFlag) != 0);
    }

    private static void WriteEntry(Span<byte> to, in IdEntry entry)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, entry.Key);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], entry.Content);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], entry.Position | (entry.IsConflict ? ConflictFlag : 0));
    }
}
