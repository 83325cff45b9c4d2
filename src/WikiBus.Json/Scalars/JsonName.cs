using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WikiBus.Json.Scalars;

/// <summary>
/// A fast hash of member names. It reads at most 24 bytes of a name, so names with equal hashes must be compared.
/// Clients can craft names with equal hashes: a limit on cost must not rely on it.
/// </summary>
internal static class JsonName
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;

    /// <summary>The hash of a name without escapes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hash(ref byte name, int length)
    {
        ulong head, tail;
        if (length >= 8)
        {
            head = Unsafe.ReadUnaligned<ulong>(ref name);
            tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref name, length - 8));
            if (length > 16)
            {
                head ^= BitOperations.RotateLeft(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref name,
                    (length >> 1) - 4)), 17);
            }
        }
        else if (length >= 4)
        {
            head = Unsafe.ReadUnaligned<uint>(ref name);
            tail = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref name, length - 4));
        }
        else if (length > 0)
        {
            head = name;
            tail = Unsafe.Add(ref name, length >> 1) | ((ulong)Unsafe.Add(ref name, length - 1) << 8);
        }
        else
        {
            head = tail = 0;
        }
        var mixed = ((head + (ulong)length) * First) ^ (BitOperations.RotateLeft(tail, 32) * Second);
        return (int)((mixed * First) >> 32);
    }

    /// <inheritdoc cref="Hash(ref byte, int)" />
    public static int Hash(ReadOnlySpan<byte> name) => Hash(ref MemoryMarshal.GetReference(name), name.Length);

    /// <summary>The hash of an escaped name's text.</summary>
    public static int HashEscaped(ReadOnlySpan<byte> raw)
    {
        var buffer = raw.Length <= 256 ? stackalloc byte[256] : new byte[raw.Length];
        return Hash(buffer[..JsonText.Unescape(raw, buffer)]);
    }

    /// <summary>
    /// A slower hash of the whole name with the runtime's secret seed: nobody can craft names with equal hashes.
    /// </summary>
    public static int SeededHash(ReadOnlySpan<byte> name)
    {
        var pairs = string.GetHashCode(MemoryMarshal.Cast<byte, char>(name));
        return name.Length % 2 == 0 ? pairs : HashCode.Combine(pairs, name[^1]);
    }

    /// <inheritdoc cref="HashEscaped" />
    public static int SeededHashEscaped(ReadOnlySpan<byte> raw)
    {
        var buffer = raw.Length <= 256 ? stackalloc byte[256] : new byte[raw.Length];
        return SeededHash(buffer[..JsonText.Unescape(raw, buffer)]);
    }
}
