using System.Buffers.Binary;

namespace WikiBus.Storage.Records;

/// <summary>
/// Hash of a stream and an id. Id files keep it, so it is defined here and not by the runtime. The seed belongs to the
/// log and is secret, so that nobody can make ids that collide. A match is only a candidate: the record itself is
/// compared.
/// </summary>
internal static class IdentityHash
{
    private const ulong Prime1 = 0x9E37_79B9_7F4A_7C15;
    private const ulong Prime2 = 0xD6E8_FEB8_6659_FD93;

    public static ulong Of(ulong seed, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> id) =>
        Add(Add(seed ^ Prime1, stream), id);

    /// <summary>The content hash as one word.</summary>
    public static ulong Fold(UInt128 contentHash) => (ulong)contentHash ^ (ulong)(contentHash >> 64);

    public static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left ^ Prime1, right ^ Prime2, out var low);
        return high ^ low;
    }

    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        hash = Mix(hash, (ulong)bytes.Length);
        while (bytes.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        Span<byte> rest = stackalloc byte[8];
        rest.Clear();
        bytes.CopyTo(rest);
        return Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }
}
