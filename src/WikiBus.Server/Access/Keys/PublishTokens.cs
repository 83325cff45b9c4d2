using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// Tokens that other services get in place of a key: <c>wbp.ID.MAC</c>, where MAC is an HMAC-SHA256 of the key's id. A
/// token opens <c>publish</c> only, with the limits of its key, and ends when the key is revoked. Safe for concurrent
/// use.
/// </summary>
/// <param name="secret">The secret of this bus, which never leaves the state database.</param>
internal sealed class PublishTokens(byte[] secret)
{
    private const string Prefix = "wbp.";
    private const int DerivedLength = 32;

    /// <summary>The token of a key.</summary>
    public string Make(string keyId) => Prefix + keyId + "." + Base64Url.EncodeToString(MacOf(keyId));

    /// <summary>Does the text have the form of a token?</summary>
    public static bool IsToken(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id of the key of a token; null: it is not a token of this bus.</summary>
    public string? KeyIdOf(string token)
    {
        var dot = token.LastIndexOf('.');
        if (!IsToken(token) || dot <= Prefix.Length)
        {
            return null;
        }

        // The whole token is compared, so that there is one form of it.
        var keyId = token[Prefix.Length..dot];
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Make(keyId)))
            ? keyId
            : null;
    }

    /// <summary>
    /// A secret of 32 letters and digits for another service. It is always the same for a purpose, so that it need not
    /// be kept, and only this bus can make it.
    /// </summary>
    public string Derive(string purpose) => Convert.ToHexStringLower(MacOf("purpose\n" + purpose))[..DerivedLength];

    // No key's id has a line break.
    private byte[] MacOf(string text) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text));
}
