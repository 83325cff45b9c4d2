using System.Text;
using System.Text.Unicode;

namespace WikiBus.Server.Intake;

/// <summary>Makes a body's text what is kept: UTF-8, no byte order mark, no line breaks.</summary>
internal static class BodyText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Turns the bytes into valid UTF-8; what is no character becomes U+FFFD.</summary>
    /// <param name="body">The body, decompressed.</param>
    /// <param name="charset">How its characters are encoded.</param>
    public static void MakeUtf8(BodyBuffer body, BodyCharset charset)
    {
        if (charset != BodyCharset.Utf8)
        {
            // At most 1.5 times as long, and only for charsets that nobody sends much of; not counted anew.
            body.Replace(Encoding.UTF8.GetBytes(Utf16(body.Span, charset).GetString(body.Span)));
        }
        else if (!Utf8.IsValid(body.Span))
        {
            body.Replace(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span)));
        }

        if (body.Span.StartsWith(ByteOrderMark))
        {
            body.RemoveStart(ByteOrderMark.Length);
        }
    }

    private static Encoding Utf16(ReadOnlySpan<byte> bytes, BodyCharset charset)
    {
        var isBigEndian = charset == BodyCharset.Utf16BigEndian ||
            (charset == BodyCharset.Utf16 && bytes is [0xFE, 0xFF, ..] or [0, not 0, ..]);
        return isBigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode;
    }

    /// <summary>
    /// Puts spaces in the place of line breaks, so that each event is one line. Only for a text that was read as JSON:
    /// there line breaks are white space between tokens, which stay where they are.
    /// </summary>
    public static void RemoveLineBreaks(BodyBuffer body)
    {
        var rest = body.Span;
        for (var index = rest.IndexOfAny((byte)'\n', (byte)'\r'); index >= 0;
            index = rest.IndexOfAny((byte)'\n', (byte)'\r'))
        {
            rest[index] = (byte)' ';
            rest = rest[(index + 1)..];
        }
    }
}
