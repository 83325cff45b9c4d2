using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Server.Access;

/// <summary>
/// Secrets of keys. One made here is <c>wb.ID.SECRET</c> with 256 random bits, so that it says which key it belongs
/// to; a given one is any printable text. A secret is never kept or logged, only its hash.
/// </summary>
internal static class KeySecret
{
    public const int GivenLengthMin = 8;
    public const int GivenLengthMax = 512;

    /// <summary>Rounds of PBKDF2-HMAC-SHA256: about 0.1 s of one core per guess.</summary>
    public const int SlowHashRounds = 300_000;

    private const string Prefix = "wb.";

    /// <summary>Makes a new secret for a key.</summary>
    public static string Make(string keyId) =>
        Prefix + keyId + "." + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The id of the key that a secret made here belongs to; empty when it was not made here.</summary>
    public static ReadOnlySpan<char> KeyIdOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return default;
        }

        var rest = secret.AsSpan(Prefix.Length);
        var dot = rest.IndexOf('.');
        return dot < 0 ? default : rest[..dot];
    }

    /// <summary>
    /// May somebody give this as a secret? Printable ASCII that passes headers, cookies and URLs whole.
    /// </summary>
    public static bool IsGivable(string secret) =>
        secret.Length is >= GivenLengthMin and <= GivenLengthMax
        && !secret.StartsWith(Prefix, StringComparison.Ordinal)
        && secret.All(static c => c is > ' ' and <= '~' and not (';' or ',' or '"' or '\\'));

    /// <summary>The hash of a secret made here.</summary>
    public static byte[] FastHash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>
    /// The hash of a given secret. All keys share a salt, so that a presented one has to be hashed only once.
    /// </summary>
    public static byte[] SlowHash(string secret, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, SlowHashRounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    /// <summary>Compares in time that tells nothing about the bytes.</summary>
    public static bool IsEqual(byte[] hash, byte[] other) => CryptographicOperations.FixedTimeEquals(hash, other);
}
