using System.Text.RegularExpressions;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>The form of a body, by the request's headers.</summary>
/// <param name="IsRead">False: a body of this content type is not read, and counts as empty.</param>
/// <param name="Compression">How it is compressed.</param>
/// <param name="Charset">How its characters are encoded.</param>
/// <param name="Fault">Why the body cannot be read; null when it can.</param>
internal readonly partial record struct BodyFormat(
    bool IsRead, BodyCompression Compression, BodyCharset Charset = BodyCharset.Utf8, BodyFault? Fault = null)
{
    private static readonly string[] s_mediaTypes = ["application/json", "text/plain", "application/reports+json"];

    /// <summary>The form that nearly all producers send.</summary>
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

    // The last one counts, as in EventGate.
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

    // UTF-7 is refused on purpose: it hides characters from programs that inspect bodies on their way.
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

    // EventGate's parser treats a header of any other form as a type that it does not read. No repetition can end with
    // the character that begins the next one, so matching takes linear time.
    [GeneratedRegex(
        """^(?<type>[^; ]+) *(; *(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+) *= *""" +
        """(?<value>"[^"\\]*"|[!#$%&'*+.^_`|~0-9A-Za-z-]+) *)*$""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContentTypeForm();
}
