using System.Buffers;
using System.Text;

namespace WikiBus.Schemas.Formats;

/// <summary>URIs, IRIs and templates: RFC 3986, 3987 and 6570, and ajv's fast forms of the first.</summary>
internal static class UriFormats
{
    private static readonly SearchValues<byte> s_schemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-."u8);

    private static readonly SearchValues<byte> s_uriCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%"u8);

    /// <summary>First bytes of the characters that JavaScript's <c>\s</c> matches.</summary>
    private static readonly SearchValues<byte> s_spaceStarts = SearchValues.Create([9, 10, 11, 12, 13, 32, 0xC2, 0xE1,
        0xE2, 0xE3, 0xEF]);

    /// <summary>A scheme, a colon, and no white space.</summary>
    public static bool IsLooseUri(ReadOnlySpan<byte> text) => SchemeLength(text) > 0 && !HasWhiteSpace(text);

    /// <summary>No white space, and no backslash at the front or after a number sign.</summary>
    public static bool IsLooseUriReference(ReadOnlySpan<byte> text)
    {
        if (HasWhiteSpace(text) || text.StartsWith("\\"u8))
        {
            return false;
        }

        var fragment = text.IndexOf((byte)'#');
        return fragment < 0 || !text[fragment..].Contains((byte)'\\');
    }

    public static bool IsUri(ReadOnlySpan<byte> text, bool allowsUnicode, bool needsScheme)
    {
        var fragment = text.IndexOf((byte)'#');
        if (fragment >= 0 && !IsText(text[(fragment + 1)..], allowsUnicode))
        {
            return false;
        }

        var rest = fragment < 0 ? text : text[..fragment];
        var scheme = SchemeLength(rest);
        if (scheme == 0 && (needsScheme || FirstSegmentHasColon(rest)))
        {
            return false;
        }

        rest = scheme == 0 ? rest : rest[(scheme + 1)..];
        if (!rest.StartsWith("//"u8))
        {
            return IsText(rest, allowsUnicode);
        }

        var authority = rest[2..];
        var end = authority.IndexOfAny((byte)'/', (byte)'?');
        return end < 0
            ? IsAuthority(authority, allowsUnicode)
            : IsAuthority(authority[..end], allowsUnicode) && IsText(authority[end..], allowsUnicode);
    }

    /// <summary>Literals and expressions in braces.</summary>
    public static bool IsUriTemplate(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var brace = text.IndexOfAny((byte)'{', (byte)'}');
            if (!IsTemplateLiteral(brace < 0 ? text : text[..brace]))
            {
                return false;
            }

            if (brace < 0)
            {
                return true;
            }

            var end = text.IndexOf((byte)'}');
            if (end < brace + 2 || !IsExpression(text[(brace + 1)..end]))
            {
                return false;
            }

            text = text[(end + 1)..];
        }
        return true;
    }

    /// <summary>The length of the scheme before its colon; 0 when there is none.</summary>
    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(s_schemeCharacters);
        return length > 0 && text[length] == (byte)':' && char.IsAsciiLetter((char)text[0]) ? length : 0;
    }

    private static bool FirstSegmentHasColon(ReadOnlySpan<byte> path) =>
        path.IndexOfAny((byte)':', (byte)'/', (byte)'?') is var found and >= 0 && path[found] == (byte)':';

    private static bool HasWhiteSpace(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(s_spaceStarts) is var found and >= 0)
        {
            text = text[found..];
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (Rune.IsWhiteSpace(rune) || rune.Value == 0xFEFF)
            {
                return rune.Value != 0x85;
            }

            text = text[length..];
        }
        return false;
    }

    private static bool IsAuthority(ReadOnlySpan<byte> authority, bool allowsUnicode)
    {
        var at = authority.LastIndexOf((byte)'@');
        if (at >= 0 && !IsText(authority[..at], allowsUnicode, excluded: "@/?"u8))
        {
            return false;
        }

        var host = authority[(at + 1)..];
        var port = host.LastIndexOf((byte)':');
        if (host.StartsWith("["u8))
        {
            var close = host.IndexOf((byte)']');
            return close > 0 && IsIpLiteral(host[1..close])
                && (close + 1 == host.Length || (port == close + 1 && IsPort(host[(port + 1)..])));
        }
        if (port >= 0 && !IsPort(host[(port + 1)..]))
        {
            return false;
        }

        return IsText(port < 0 ? host : host[..port], allowsUnicode, excluded: "@:/?"u8);
    }

    private static bool IsPort(ReadOnlySpan<byte> port) => port.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static bool IsIpLiteral(ReadOnlySpan<byte> literal)
    {
        if (literal.IsEmpty || (literal[0] | 0x20) != 'v')
        {
            return HostFormats.IsIpv6(literal);
        }

        var dot = literal.IndexOf((byte)'.');
        return dot > 1 && dot + 1 < literal.Length
            && IsText(literal[(dot + 1)..], allowsUnicode: false, excluded: "%@/?"u8);
    }

    private static bool IsText(ReadOnlySpan<byte> text, bool allowsUnicode, ReadOnlySpan<byte> excluded = default)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (unit >= 128 ? !allowsUnicode : !s_uriCharacters.Contains(unit) || excluded.Contains(unit))
            {
                return false;
            }

            if (unit == '%' && !IsEscape(text[i..]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsEscape(ReadOnlySpan<byte> text) =>
        text.Length >= 3 && char.IsAsciiHexDigit((char)text[1]) && char.IsAsciiHexDigit((char)text[2]);

    private static bool IsTemplateLiteral(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] <= ' ' || text[i] == 0x7F || "\"<>\\^`|"u8.Contains(text[i])
                || (text[i] == '%' && !IsEscape(text[i..])))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsExpression(ReadOnlySpan<byte> text)
    {
        if ("+#./;?&=,!@|"u8.Contains(text[0]))
        {
            text = text[1..];
        }

        foreach (var range in text.Split((byte)','))
        {
            if (!IsVariable(text[range]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsVariable(ReadOnlySpan<byte> text)
    {
        if (text.EndsWith("*"u8))
        {
            text = text[..^1];
        }
        else if (text.IndexOf((byte)':') is var colon and >= 0)
        {
            var length = text[(colon + 1)..];
            if (length.Length is 0 or > 4 || length[0] == (byte)'0'
                || length.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            {
                return false;
            }

            text = text[..colon];
        }
        foreach (var range in text.Split((byte)'.'))
        {
            if (!IsVariableName(text[range]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsVariableName(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var isName = char.IsAsciiLetterOrDigit((char)text[i]) || text[i] == (byte)'_'
                || (text[i] == (byte)'%' && IsEscape(text[i..]));
            // The digits of an escape are letters of a name as well.
            if (!isName)
            {
                return false;
            }
        }
        return text.Length > 0;
    }
}
