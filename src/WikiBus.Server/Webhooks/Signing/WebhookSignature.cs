using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Server.Webhooks.Signing;

/// <summary>Signs requests as Standard Webhooks 1.0.0 says: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    private const string Version = "v1,";

    /// <summary>The value of the header <c>webhook-signature</c>: one signature for each secret.</summary>
    /// <param name="secrets">The secret; after a rotation also the one before it.</param>
    /// <param name="id">The value of <c>webhook-id</c>. It has no <c>.</c>, which would make it ambiguous.</param>
    /// <param name="timestampSeconds">The value of <c>webhook-timestamp</c>: Unix seconds of this attempt.</param>
    /// <param name="body">The bytes that are sent.</param>
    public static string Sign(
        IReadOnlyList<SigningSecret> secrets, string id, long timestampSeconds, ReadOnlySpan<byte> body)
    {
        if (id.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException("An id has no full stop.", nameof(id));
        }

        var start = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{id}.{timestampSeconds}."));
        var header = new StringBuilder();
        foreach (var secret in secrets)
        {
            header.Append(header.Length > 0 ? " " : "").Append(Version).Append(Hash(secret, start, body));
        }

        return header.ToString();
    }

    private static string Hash(SigningSecret secret, ReadOnlySpan<byte> start, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
        hash.AppendData(start);
        hash.AppendData(body);
        Span<byte> bytes = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return Convert.ToBase64String(bytes);
    }
}
