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
    private const ulong Magic = 0x3358_4449_5342_4957;
    private const int HeaderLength = 88;
    private const int MarkLength = 24;
    private const int StreamFixedLength = 53;
    private const int EndOffsetAt = 32;
    private const int LagAt = 72;
    private const int LogEndAt = 80;
    private const int CrcAt = 84;

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
    public static SegmentIndex? TryRead(IFileSystem files, string directory, SegmentHeader segment) =>
        TryRead(files, directory, segment.Number, segment.Salt);

    /// <param name="files">Where the file is.</param>
    /// <param name="directory">The log's directory.</param>
    /// <param name="number">The segment's number.</param>
    /// <param name="salt">The segment's salt; null: it is lost.</param>
    public static SegmentIndex? TryRead(IFileSystem files, string directory, long number, ulong? salt)
    {
        var path = Path.Combine(directory, SegmentName.OfIndex(number));
        if (!files.FileExists(path))
        {
            return null;
        }

        using var file = files.Open(path, StorageFileMode.Read);
        return ReadWhole(file) is { } bytes ? TryRead(bytes, salt) : null;
    }

    /// <summary>The index; null if the bytes are damaged or another segment's.</summary>
    public static SegmentIndex? TryRead(byte[] bytes, ulong? salt)
    {
        if (!IsIntact(bytes) || (salt is not null && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) != salt))
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
            Salt = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)),
            Number = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)),
            EndPosition = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)),
            EndOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(EndOffsetAt)),
            ClockMaxMs = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(40)),
            LastTimeMs = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(48)),
            RecordCount = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(56)),
            ClockLagMs = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(LagAt)),
            IsLogEnd = bytes[LogEndAt] == 1,
        };
    }

    /// <summary>
    /// The log is appended to again, so the index of the last graceful stop does not say any more where it ends. A
    /// write that is torn breaks the checksum, which only costs the next start a walk. A damaged file stays as it is.
    /// </summary>
    public static void ClearLogEnd(IFileSystem files, string path, string flushPurpose)
    {
        if (!files.FileExists(path))
        {
            return;
        }

        using var file = files.Open(path, StorageFileMode.ReadWrite);
        if (ReadWhole(file) is { } bytes && IsIntact(bytes) && bytes[LogEndAt] == 1)
        {
            bytes[LogEndAt] = 0;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Checksum(bytes));
            file.Write(LogEndAt, bytes.AsSpan(LogEndAt, HeaderLength - LogEndAt));
            file.Flush(flushPurpose);
        }
    }

    /// <summary>The bytes of the file; null if it is longer than an index of its segment can be.</summary>
    /// <remarks>
    /// A record takes at most 20 bytes of an index, a stream 53 and its name, a mark 24. In its segment a record takes
    /// at least 72 bytes and the name, and between two marks there are 128 KiB.
    /// </remarks>
    private static byte[]? ReadWhole(IStorageFile file)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (file.Read(0, header) < HeaderLength || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
        {
            return null;
        }

        var segmentLength = BinaryPrimitives.ReadInt64LittleEndian(header[EndOffsetAt..]);
        var length = file.Length;
        if (length > Array.MaxLength || length - HeaderLength > segmentLength)
        {
            return null;
        }

        var bytes = new byte[length];
        return file.Read(0, bytes) == bytes.Length ? bytes : null;
    }

    private static bool IsIntact(byte[] bytes) => bytes.Length >= HeaderLength
        && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(CrcAt)) == Checksum(bytes);

    private static void WriteHeader(byte[] bytes, SegmentIndex index)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), index.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), index.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), index.EndPosition);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(EndOffsetAt), index.EndOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), index.ClockMaxMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), index.LastTimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), index.RecordCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(64), index.Marks.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(68), index.Streams.Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LagAt), index.ClockLagMs);
        bytes[LogEndAt] = index.IsLogEnd ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Checksum(bytes));
    }

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
