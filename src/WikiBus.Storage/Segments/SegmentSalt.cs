using System.Security.Cryptography;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Makes the secret number of a segment. A client that writes payloads must not guess it, so it is not seeded.
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
