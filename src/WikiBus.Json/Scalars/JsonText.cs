using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace WikiBus.Json.Scalars;

/// <summary>
/// The text of JSON strings: escapes, length, comparison. All spans are the bytes between the quotes of a valid string.
/// </summary>
internal static class JsonText
{
    private const int StackBytesMax = 256;

    /// <summary>
    /// Writes a string's text; <paramref name="target"/> is at least as long as <paramref name="raw"/>. Lone surrogates
    /// become U+FFFD.
    /// </summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        Debug.Assert(target.Length >= raw.Length, "the text is never longer than with its escapes");
        var written = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                raw.CopyTo(target[written..]);
                return written + raw.Length;
            }
            raw[..plain].CopyTo(target[written..]);
            written += plain;
            raw = raw[plain..];
            raw = raw[ReadEscape(raw, out var rune)..];
            written += rune.EncodeToUtf8(target[written..]);
        }
    }

    /// <summary>The number of code points of a string's text.</summary>
    public static int CountCodePoints(ReadOnlySpan<byte> raw, bool isPlain)
    {
        if (isPlain)
        {
            return CountRunes(raw);
        }

        var count = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return count + CountRunes(raw);
            }

            count += CountRunes(raw[..plain]) + 1;
            raw = raw[plain..];
            raw = raw[ReadEscape(raw, out _)..];
        }
    }

    /// <summary>True if an escaped string's text equals <paramref name="utf8"/>.</summary>
    public static bool EscapedEquals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > raw.Length)
        {
            return false;
        }

        byte[]? rented = null;
        var buffer = raw.Length <= StackBytesMax
            ? stackalloc byte[StackBytesMax]
            : rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var length = Unescape(raw, buffer);
        var equal = utf8.SequenceEqual(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return equal;
    }

    /// <summary>Reads the escape at the front; two escapes that form a surrogate pair are read as one.</summary>
    /// <returns>The bytes read.</returns>
    private static int ReadEscape(ReadOnlySpan<byte> raw, out Rune rune)
    {
        if (raw[1] != (byte)'u')
        {
            rune = new Rune(SimpleEscape(raw[1]));
            return 2;
        }
        var first = HexUnit(raw);
        if (Rune.TryCreate(first, out rune))
        {
            return 6;
        }

        if (raw.Length >= 12 && raw[6] == (byte)'\\' && raw[7] == (byte)'u'
            && Rune.TryCreate(first, HexUnit(raw[6..]), out rune))
        {
            return 12;
        }

        rune = Rune.ReplacementChar;
        return 6;
    }

    private static char SimpleEscape(byte letter) => letter switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)letter,
    };

    private static char HexUnit(ReadOnlySpan<byte> escape)
    {
        var unit = 0;
        for (var i = 2; i < 6; i++)
        {
            unit = (unit << 4) | HexDigit(escape[i]);
        }

        return (char)unit;
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit & ~0x20) - 'A' + 10;

    /// <summary>Every byte but a continuation byte (10xxxxxx) begins a code point.</summary>
    private static int CountRunes(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
        {
            count += (sbyte)unit >= -64 ? 1 : 0;
        }

        return count;
    }
}
