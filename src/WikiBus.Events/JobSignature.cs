using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WikiBus.Events.Php;

namespace WikiBus.Events;

/// <summary>
/// The signature of MediaWiki's job events, as EventBus REL1_35 and later make and check it: lower-case hex of
/// HMAC-SHA1, keyed with <c>$wgSecretKey</c>, over what PHP's <c>json_encode</c> makes of the event without
/// <c>mediawiki_signature</c> after <c>json_decode</c> into arrays. So the order and number of members count; white
/// space, escapes and the signature's place do not. All members are safe for concurrent use.
/// </summary>
public static class JobSignature
{
    /// <summary>The length of a signature, in characters.</summary>
    public const int Length = 2 * HMACSHA1.HashSizeInBytes;

    private const string MemberName = "mediawiki_signature";

    // PHP's default depth is 512 for json_decode, which counts the innermost scalar too (observed with PHP 8.2).
    private static readonly JsonDocumentOptions s_decodeOptions = new() { MaxDepth = 511 };

    /// <summary>Does the event carry the signature that this key gives?</summary>
    /// <param name="json">One job event, UTF-8.</param>
    /// <param name="secretKey">The bytes of the wiki's <c>$wgSecretKey</c>.</param>
    /// <returns>False also if PHP could not decode and encode the text.</returns>
    public static bool Verify(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> secretKey)
    {
        Span<byte> expected = stackalloc byte[Length];
        using var job = TryDecode(json);

        // Reading throws if a member's name has a lone surrogate. What PHP can encode has none.
        return job is not null
            && TryCompute(job.RootElement, secretKey, expected)
            && TryRead(job.RootElement, out var signature)
            && IsEqual(signature, expected);
    }

    /// <summary>Computes the event's signature; ignores the one that it carries.</summary>
    /// <param name="json">One job event, UTF-8.</param>
    /// <param name="secretKey">The bytes of the wiki's <c>$wgSecretKey</c>.</param>
    /// <returns>40 characters; null if PHP could not decode and encode the event.</returns>
    public static string? Sign(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> secretKey)
    {
        Span<byte> signature = stackalloc byte[Length];
        using var job = TryDecode(json);
        return job is not null && TryCompute(job.RootElement, secretKey, signature)
            ? Encoding.ASCII.GetString(signature)
            : null;
    }

    private static JsonDocument? TryDecode(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, s_decodeOptions);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryRead(JsonElement job, out JsonElement signature) =>
        job.TryGetProperty(MemberName, out signature) && signature.ValueKind == JsonValueKind.String;

    private static bool TryCompute(JsonElement job, ReadOnlySpan<byte> secretKey, Span<byte> hex)
    {
        var message = new ArrayBufferWriter<byte>();
        if (!PhpJsonWriter.TryWriteObject(job, MemberName, message))
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secretKey, message.WrittenSpan, mac);
        return Convert.TryToHexStringLower(mac, hex, out _);
    }

    private static bool IsEqual(JsonElement signature, ReadOnlySpan<byte> expected)
    {
        var raw = JsonMarshal.GetRawUtf8Value(signature)[1..^1];
        return CryptographicOperations.FixedTimeEquals(raw, expected);
    }
}
