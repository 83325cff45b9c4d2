using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// Secrets of keys. A made one is <c>wb.ID.SECRET</c> with 256 random bits, and names its key. A given one is any
/// printable text. The bus keeps only hashes, and never logs a secret.
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

    /// <summary>The id of the key of a made secret; empty for any other text.</summary>
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
    /// May this be a given secret? It must be printable ASCII that headers, cookies and URLs do not change.
    /// </summary>
    public static bool IsGivable(string secret) =>
        secret.Length is >= GivenLengthMin and <= GivenLengthMax
        && !secret.StartsWith(Prefix, StringComparison.Ordinal)
        && !PublishTokens.IsToken(secret)
        && secret.All(static c => c is > ' ' and <= '~' and not (';' or ',' or '"' or '\\'));

    /// <summary>The hash of a made secret.</summary>
    public static byte[] FastHash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>
    /// The hash of a given secret. All keys share a salt, so that a presented secret needs only one hash.
    /// </summary>
    public static byte[] SlowHash(string secret, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, SlowHashRounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    /// <summary>Compares two secrets of any length; the duration reveals nothing about them.</summary>
    public static bool IsEqual(string secret, string other) => IsEqual(FastHash(secret), FastHash(other));

    /// <summary>Compares two hashes; the duration reveals nothing about the bytes.</summary>
    public static bool IsEqual(byte[] hash, byte[] other) => CryptographicOperations.FixedTimeEquals(hash, other);
}
