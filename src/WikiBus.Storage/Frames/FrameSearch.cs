using System.Buffers.Binary;

namespace WikiBus.Storage.Frames;

/// <summary>
/// Looks for intact frame headers behind a place without an intact frame, and for bytes that are not zero.
/// </summary>
internal static class FrameSearch
{
    private const int ReadBytes = 1 << 20;

    /// <summary>
    /// The next intact header with a salt (null: any) at or after <paramref name="from"/>; -1: none.
    /// </summary>
    public static long FindHeader(IStorageFile file, long from, long end, ulong? salt)
    {
        // Each read goes beyond the searched bytes by the longest header, so that the end of a read cuts none.
        var longest = FrameHeader.LengthFor(FrameHeader.RecordCountMax);
        var bytes = GC.AllocateUninitializedArray<byte>(ReadBytes + longest);
        for (var at = FrameHeader.Align(from); at < end; at += ReadBytes)
        {
            var length = file.Read(at, bytes.AsSpan(0, (int)Math.Min(bytes.Length, end - at)));
            var found = FindHeader(bytes.AsSpan(0, length), at, salt);
            if (found >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    /// <summary>The salt of the first intact frame header in a range; null: there is none.</summary>
    public static ulong? FindSalt(IStorageFile file, long from, long end)
    {
        var at = FindHeader(file, from, end, salt: null);
        if (at < 0)
        {
            return null;
        }

        Span<byte> salt = stackalloc byte[8];
        file.Read(at + 32, salt);
        return BinaryPrimitives.ReadUInt64LittleEndian(salt);
    }

    /// <summary>The end of the last byte that is not zero in a range; its start when there is none.</summary>
    public static long FindEndOfData(IStorageFile file, long from, long end)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(ReadBytes);
        var dataEnd = from;
        for (var at = from; at < end; at += ReadBytes)
        {
            var length = file.Read(at, bytes.AsSpan(0, (int)Math.Min(bytes.Length, end - at)));
            var last = bytes.AsSpan(0, length).LastIndexOfAnyExcept((byte)0);
            dataEnd = last < 0 ? dataEnd : at + last + 1;
        }

        return dataEnd;
    }

    private static long FindHeader(ReadOnlySpan<byte> bytes, long fileOffset, ulong? salt)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, FrameHeader.Magic);
        for (var at = 0; at < Math.Min(bytes.Length, ReadBytes); at++)
        {
            var next = bytes[at..].IndexOf(magic);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (at < ReadBytes && at % FrameHeader.Alignment == 0 && IsHeader(bytes[at..], fileOffset + at, salt))
            {
                return fileOffset + at;
            }
        }

        return -1;
    }

    private static bool IsHeader(ReadOnlySpan<byte> bytes, long fileOffset, ulong? salt)
    {
        if (bytes.Length < FrameHeader.FixedLength)
        {
            return false;
        }

        var saltExpected = salt ?? BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        return FrameHeader.TryRead(bytes, fileOffset, saltExpected, out _)
            is FrameStatus.Valid or FrameStatus.OtherVersion;
    }
}
