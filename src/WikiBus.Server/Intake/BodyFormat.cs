using System.Text;

namespace WikiBus.Server.Intake;

/// <summary>What the headers say about a body.</summary>
/// <param name="IsRead">False: the content type is not one of those read, and the body counts as empty.</param>
/// <param name="Compression">How it is compressed.</param>
/// <param name="Charset">How its characters are encoded; null: UTF-8.</param>
/// <param name="Fault">Why it cannot be read; null: it can.</param>
internal readonly record struct BodyFormat(
    bool IsRead, BodyCompression Compression, Encoding? Charset = null, BodyFault? Fault = null)
{
    private static readonly string[] _mediaTypes = ["application/json", "text/plain", "application/reports+json"];

    /// <summary>What nearly all producers send.</summary>
    private static readonly BodyFormat _plain = new(IsRead: true, BodyCompression.None);

    public static BodyFormat Of(IHeaderDictionary headers)
    {
        var contentType = headers.ContentType.ToString();
        var encoding = headers.ContentEncoding.ToString();
        if (encoding.Length == 0 && contentType.Equals("application/json", StringComparison.Ordinal))
        {
            return _plain;
        }

        if (!IsReadType(contentType.AsSpan()))
        {
            return new BodyFormat(IsRead: false, BodyCompression.None);
        }

        var charsetName = CharsetName(contentType);
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

    private static bool IsReadType(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        var mediaType = (end < 0 ? contentType : contentType[..end]).Trim();
        foreach (var known in _mediaTypes)
        {
            if (mediaType.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string CharsetName(string contentType)
    {
        foreach (var parameter in contentType.Split(';').Skip(1))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && parameter.AsSpan(0, equals).Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().Trim('"');
            }
        }

        return "utf-8";
    }

    private static bool TryFindCharset(string name, out Encoding? charset)
    {
        charset = name.ToLowerInvariant() switch
        {
            "utf-16" or "utf-16le" => Encoding.Unicode,
            "utf-16be" => Encoding.BigEndianUnicode,
            "utf-32" or "utf-32le" => Encoding.UTF32,
            "utf-32be" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            _ => null,
        };
        return charset is not null || name.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
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
}
