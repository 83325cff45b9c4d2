using System.Buffers.Binary;
using System.Text;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// Codec of index files (docs/log-format.md, "Index files"). They are never flushed: a file that does not pass its
/// checksum is made again from the segment.
/// </summary>
internal static class SegmentIndexFile
{
    private const ulong Magic = 0x3258_4449_5342_4957;
    private const int HeaderLength = 80;
    private const int MarkLength = 24;
    private const int StreamFixedLength = 53;
    private const int LagAt = 72;
    private const int CrcAt = 76;

    public static byte[] Write(SegmentIndex index)
    {
        var length = HeaderLength + (index.Marks.Count * MarkLength)
            + index.Streams.Sum(pair => StreamFixedLength + pair.Key.Length + pair.Value.Differences.Length);
        var bytes = new byte[length];
        var rest = WriteMarks(bytes.AsSpan(HeaderLength), index.Marks);
        foreach (var (stream, list) in index.Streams)
        {
            rest = WriteStream(rest, stream, list);
        }

        WriteHeader(bytes, index);
        return bytes;
    }

    /// <summary>The index of a segment; null if its file is missing, damaged or another segment's.</summary>
    public static SegmentIndex? TryRead(IFileSystem files, string directory, SegmentHeader segment)
    {
        var path = Path.Combine(directory, SegmentName.OfIndex(segment.Number));
        if (!files.FileExists(path))
        {
            return null;
        }

        using var file = files.Open(path, StorageFileMode.Read);
        var bytes = new byte[file.Length];
        return file.Read(0, bytes) == bytes.Length ? TryRead(bytes, segment) : null;
    }

    /// <summary>The index; null if the bytes are damaged or another segment's.</summary>
    public static SegmentIndex? TryRead(byte[] bytes, SegmentHeader segment)
    {
        if (bytes.Length < HeaderLength
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) != segment.Salt
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(CrcAt)) != Checksum(bytes))
        {
            return null;
        }

        var markCount = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(64));
        var streamCount = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(68));
        ReadOnlySpan<byte> rest = bytes.AsSpan(HeaderLength);
        var marks = ReadMarks(ref rest, markCount);
        var streams = ReadStreams(rest, streamCount);
        return new SegmentIndex(marks, streams)
        {
            Salt = segment.Salt,
            Number = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)),
            EndPosition = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)),
            EndOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(32)),
            ClockMaxMs = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(40)),
            LastTimeMs = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(48)),
            RecordCount = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(56)),
            ClockLagMs = ReadLag(bytes),
        };
    }

    private static void WriteHeader(byte[] bytes, SegmentIndex index)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), index.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), index.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), index.EndPosition);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), index.EndOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), index.ClockMaxMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), index.LastTimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), index.RecordCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(64), index.Marks.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(68), index.Streams.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(LagAt), LagToWrite(index.ClockLagMs));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Checksum(bytes));
    }

    /// <summary>Plus 1, since files from before this number have 0 there; 0 also if it does not fit.</summary>
    private static uint LagToWrite(long lagMs) => lagMs is >= 0 and < uint.MaxValue ? (uint)lagMs + 1 : 0;

    private static long ReadLag(byte[] bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(LagAt)) is var written and not 0
            ? written - 1
            : SegmentIndex.UnknownLag;

    private static uint Checksum(ReadOnlySpan<byte> bytes) => Crc32C.Finish(
        Crc32C.Append(Crc32C.Append(Crc32C.Start, bytes[..CrcAt]), bytes[HeaderLength..]));

    private static Span<byte> WriteMarks(Span<byte> to, IReadOnlyList<FrameMark> marks)
    {
        foreach (var mark in marks)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, mark.Position);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], mark.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], mark.ClockMaxMs);
            to = to[MarkLength..];
        }

        return to;
    }

    private static List<FrameMark> ReadMarks(ref ReadOnlySpan<byte> from, int count)
    {
        var marks = new List<FrameMark>(count);
        for (var index = 0; index < count; index++)
        {
            marks.Add(new FrameMark(
                BinaryPrimitives.ReadInt64LittleEndian(from),
                BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[16..])));
            from = from[MarkLength..];
        }

        return marks;
    }

    private static Span<byte> WriteStream(Span<byte> to, string stream, PositionList list)
    {
        to[0] = (byte)Encoding.ASCII.GetBytes(stream, to[1..]);
        to = to[(1 + stream.Length)..];
        BinaryPrimitives.WriteInt64LittleEndian(to, list.FirstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], list.FirstPosition);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], list.LastOffset);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], list.LastPosition);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], list.LastTimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], list.FirstTimeMs);
        BinaryPrimitives.WriteInt32LittleEndian(to[48..], list.Differences.Length);
        list.Differences.CopyTo(to[52..]);
        return to[(52 + list.Differences.Length)..];
    }

    private static Dictionary<string, PositionList> ReadStreams(ReadOnlySpan<byte> from, int count)
    {
        var streams = new Dictionary<string, PositionList>(count, StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var name = Encoding.ASCII.GetString(from.Slice(1, from[0]));
            from = from[(1 + name.Length)..];
            var length = BinaryPrimitives.ReadInt32LittleEndian(from[48..]);
            streams.Add(name, new PositionList(
                BinaryPrimitives.ReadInt64LittleEndian(from),
                BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
                from.Slice(52, length).ToArray())
            {
                LastOffset = BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
                LastPosition = BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
                LastTimeMs = BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
                FirstTimeMs = BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            });
            from = from[(52 + length)..];
        }

        return streams;
    }
}
