using System.Text;
using System.Text.Unicode;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>Brings a body's text into the form that is kept: UTF-8 without byte order mark and line breaks.</summary>
internal static class BodyText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Turns the bytes into valid UTF-8; bytes that encode no character become U+FFFD.</summary>
    /// <param name="body">The body, decompressed.</param>
    /// <param name="charset">How its characters are encoded.</param>
    public static void MakeUtf8(BodyBuffer body, BodyCharset charset)
    {
        if (charset != BodyCharset.Utf8)
        {
            // At most 1.5 times as long, and rare: the additional bytes are not counted as in flight.
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
    /// Replaces line breaks by spaces, so that each event is one line. Only for a text that was read as JSON: there
    /// line breaks are white space between tokens, and the tokens keep their places.
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
