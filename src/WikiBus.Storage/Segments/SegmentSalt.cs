using System.Security.Cryptography;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Makes the secret number of a segment. It must not be guessed by who writes payloads, hence not seeded.
/// </summary>
internal static class SegmentSalt
{
    public static ulong New()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
