using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace WikiBus.Server.Webhooks.Signing;

/// <summary>
/// The key with which requests to one subscription are signed: <c>whsec_</c> and base64, as Standard Webhooks 1.0.0
/// writes it. It prints as <c>whsec_…</c>, so that it gets into no log.
/// </summary>
internal sealed class SigningSecret
{
    public const int BytesMin = 24;
    public const int BytesMax = 64;

    private const string Prefix = "whsec_";

    private readonly byte[] _key;

    private SigningSecret(byte[] key) => _key = key;

    public ReadOnlySpan<byte> Key => _key;

    /// <summary>A new random secret.</summary>
    public static SigningSecret Create() => new(RandomNumberGenerator.GetBytes(BytesMin));

    /// <summary>Reads a secret; if false, <paramref name="fault"/> says what is wrong, without the secret.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out SigningSecret? secret, [NotNullWhen(false)] out string? fault)
    {
        secret = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            fault = $"A secret begins with '{Prefix}'.";
            return false;
        }

        // Base64 may have white space in it. Then two texts would be the same secret.
        var base64 = text.AsSpan(Prefix.Length);
        var key = new byte[base64.Length];
        if (base64.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(base64, key, out var length))
        {
            fault = $"What follows '{Prefix}' in a secret is base64: A to Z, a to z, 0 to 9, '+', '/', and '=' at the "
                + "end.";
            return false;
        }

        if (length is < BytesMin or > BytesMax)
        {
            fault = string.Create(
                CultureInfo.InvariantCulture, $"A secret has {BytesMin} to {BytesMax} bytes; this one has {length}.");
            return false;
        }

        secret = new SigningSecret(key[..length]);
        fault = null;
        return true;
    }

    /// <summary>The secret as its recipient needs it. Show it only in the answer to the request that sets it.</summary>
    public string ToText() => Prefix + Convert.ToBase64String(_key);

    public override string ToString() => Prefix + "…";
}
