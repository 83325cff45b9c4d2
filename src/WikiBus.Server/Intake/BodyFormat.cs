using System.Text.RegularExpressions;

namespace WikiBus.Server.Intake;

/// <summary>What the headers say about a body.</summary>
/// <param name="IsRead">False: the content type is not one of those read, and the body counts as empty.</param>
/// <param name="Compression">How it is compressed.</param>
/// <param name="Charset">How its characters are encoded.</param>
/// <param name="Fault">Why it cannot be read; null: it can.</param>
internal readonly partial record struct BodyFormat(
    bool IsRead, BodyCompression Compression, BodyCharset Charset = BodyCharset.Utf8, BodyFault? Fault = null)
{
    private static readonly string[] s_mediaTypes = ["application/json", "text/plain", "application/reports+json"];

    /// <summary>What nearly all producers send.</summary>
    private static readonly BodyFormat s_plain = new(IsRead: true, BodyCompression.None);

    public static BodyFormat Of(IHeaderDictionary headers)
    {
        var contentType = headers.ContentType.ToString();
        var encoding = headers.ContentEncoding.ToString();
        if (encoding.Length == 0 && contentType.Equals("application/json", StringComparison.Ordinal))
        {
            return s_plain;
        }

        var parts = ContentTypeForm().Match(contentType);
        if (!IsReadType(parts.Groups["type"].ValueSpan))
        {
            return new BodyFormat(IsRead: false, BodyCompression.None);
        }

        var charsetName = CharsetName(parts);
        if (!TryFindCharset(charsetName, out var charset))
        {
            return Unreadable($"unsupported charset \"{charsetName.ToUpperInvariant()}\"");
        }

        return TryFindCompression(encoding, out var compression)
            ? new BodyFormat(IsRead: true, compression, charset)
            : Unreadable($"unsupported content encoding \"{encoding.ToLowerInvariant()}\"");
    }

    private static BodyFormat Unreadable(string message) =>
        new(IsRead: true, BodyCompression.None, Fault: BodyFault.Unreadable(message));

    private static bool IsReadType(ReadOnlySpan<char> mediaType)
    {
        foreach (var known in s_mediaTypes)
        {
            if (mediaType.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Of several the last one counts, as there.
    private static string CharsetName(Match parts)
    {
        var (names, values) = (parts.Groups["name"].Captures, parts.Groups["value"].Captures);
        for (var index = names.Count - 1; index >= 0; index--)
        {
            if (names[index].ValueSpan.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return values[index].ValueSpan.Trim('"').ToString();
            }
        }

        return "utf-8";
    }

    // UTF-7 is left out on purpose: it hides characters from whatever looks at bodies on their way.
    private static bool TryFindCharset(string name, out BodyCharset charset)
    {
        charset = name.ToLowerInvariant() switch
        {
            "utf-8" => BodyCharset.Utf8,
            "utf-16" => BodyCharset.Utf16,
            "utf-16le" => BodyCharset.Utf16LittleEndian,
            "utf-16be" => BodyCharset.Utf16BigEndian,
            _ => BodyCharset.Unknown,
        };
        return charset != BodyCharset.Unknown;
    }

    private static bool TryFindCompression(string name, out BodyCompression compression)
    {
        compression = name.ToLowerInvariant() switch
        {
            "" or "identity" => BodyCompression.None,
            "gzip" => BodyCompression.Gzip,
            "deflate" => BodyCompression.Deflate,
            "br" => BodyCompression.Brotli,
            _ => BodyCompression.Unknown,
        };
        return compression != BodyCompression.Unknown;
    }

    // EventGate's parser takes a header of any other form for a type that it does not read. Each repetition begins with
    // a character that the one before it cannot end with, so matching takes linear time.
    [GeneratedRegex(
        """^(?<type>[^; ]+) *(; *(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+) *= *""" +
        """(?<value>"[^"\\]*"|[!#$%&'*+.^_`|~0-9A-Za-z-]+) *)*$""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContentTypeForm();
}
