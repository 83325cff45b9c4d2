using System.Globalization;
using System.Text;

namespace WikiBus.Schemas.Formats;

/// <summary>Host names, addresses and mailboxes.</summary>
internal static class HostFormats
{
    private const int LabelLengthMax = 63;
    private const int NameLengthMax = 253;
    private const int MailboxLengthMax = 64;

    private static readonly IdnMapping s_idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    public static bool IsLooseHostname(ReadOnlySpan<byte> text) =>
        IsHostname(text.EndsWith("."u8) ? text[..^1] : text);

    /// <summary>RFC 1123; a label that begins with <c>xn--</c> must be real Punycode.</summary>
    public static bool IsHostname(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > NameLengthMax)
        {
            return false;
        }

        var hasIdn = false;
        foreach (var range in text.Split((byte)'.'))
        {
            var label = text[range];
            if (!IsLabel(label))
            {
                return false;
            }

            hasIdn |= label.Length > 4 && label[2] == (byte)'-' && label[3] == (byte)'-';
        }
        return !hasIdn || IsIdnHostname(text);
    }

    /// <summary>RFC 5890 as the framework's IDNA mapping implements it.</summary>
    public static bool IsIdnHostname(ReadOnlySpan<byte> text)
    {
        try
        {
            var name = Encoding.UTF8.GetString(text).Replace('\u3002', '.').Replace('\uFF0E', '.').Replace('\uFF61',
                '.');
            var ascii = s_idn.GetAscii(name);
            return ascii.Length <= NameLengthMax
                && (!ascii.Contains("xn--", StringComparison.Ordinal) || s_idn.GetUnicode(ascii) is not null);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Octets may have leading zeros.</summary>
    public static bool IsLooseIpv4(ReadOnlySpan<byte> text) => IsIpv4(text, allowsLeadingZero: true);

    public static bool IsIpv4(ReadOnlySpan<byte> text) => IsIpv4(text, allowsLeadingZero: false);

    /// <summary>RFC 4291, section 2.2; without a zone.</summary>
    public static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        var shortcut = text.IndexOf("::"u8);
        if (shortcut < 0)
        {
            return CountGroups(text, allowsIpv4: true) == 8;
        }

        var head = text[..shortcut];
        var tail = text[(shortcut + 2)..];
        var headCount = head.IsEmpty ? 0 : CountGroups(head, allowsIpv4: false);
        var tailCount = tail.IsEmpty ? 0 : CountGroups(tail, allowsIpv4: true);
        return headCount >= 0 && tailCount >= 0 && headCount + tailCount < 8;
    }

    public static bool IsLooseEmail(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf((byte)'@');
        if (at <= 0)
        {
            return false;
        }

        foreach (var unit in text[..at])
        {
            if (unit != '.' && !IsAtomCharacter(unit))
            {
                return false;
            }
        }
        return AreLabels(text[(at + 1)..]);
    }

    public static bool IsEmail(ReadOnlySpan<byte> text) => IsMailbox(text, allowsUnicode: false);

    public static bool IsIdnEmail(ReadOnlySpan<byte> text) => IsMailbox(text, allowsUnicode: true);

    private static bool IsMailbox(ReadOnlySpan<byte> text, bool allowsUnicode)
    {
        var at = text.LastIndexOf((byte)'@');
        if (at is <= 0 or > MailboxLengthMax || !IsLocalPart(text[..at], allowsUnicode))
        {
            return false;
        }

        var domain = text[(at + 1)..];
        if (domain.StartsWith("[IPv6:"u8) && domain.EndsWith("]"u8))
        {
            return IsIpv6(domain[6..^1]);
        }

        if (domain.StartsWith("["u8) && domain.EndsWith("]"u8))
        {
            return IsIpv4(domain[1..^1]);
        }

        return allowsUnicode ? IsIdnHostname(domain) : IsHostname(domain);
    }

    private static bool IsLocalPart(ReadOnlySpan<byte> local, bool allowsUnicode)
    {
        if (local.Length >= 2 && local[0] == (byte)'"' && local[^1] == (byte)'"')
        {
            return IsQuotedText(local[1..^1]);
        }

        foreach (var range in local.Split((byte)'.'))
        {
            var atom = local[range];
            if (atom.IsEmpty)
            {
                return false;
            }

            foreach (var unit in atom)
            {
                if (!IsAtomCharacter(unit) && (unit < 128 || !allowsUnicode))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static bool IsQuotedText(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\')
            {
                i++;
            }
            else if (text[i] is (byte)'"' or < (byte)' ')
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsAtomCharacter(byte unit) =>
        char.IsAsciiLetterOrDigit((char)unit) || "!#$%&'*+/=?^_`{|}~-"u8.Contains(unit);

    private static bool AreLabels(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'.'))
        {
            if (!IsLabel(text[range]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        if (label.Length is 0 or > LabelLengthMax || label[0] == (byte)'-' || label[^1] == (byte)'-')
        {
            return false;
        }

        foreach (var unit in label)
        {
            if (unit != '-' && !char.IsAsciiLetterOrDigit((char)unit))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsIpv4(ReadOnlySpan<byte> text, bool allowsLeadingZero)
    {
        var count = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var octet = text[range];
            var reader = new AsciiReader(octet);
            if (octet.Length is 0 or > 3 || !reader.TryTakeNumber(octet.Length, out var value) || value > 255)
            {
                return false;
            }

            if (octet.Length > 1 && octet[0] == (byte)'0' && !allowsLeadingZero)
            {
                return false;
            }

            count++;
        }
        return count == 4;
    }

    /// <summary>
    /// The number of groups of one to four hexadecimal digits; an IPv4 address at the end counts as two. -1 for any
    /// other text.
    /// </summary>
    private static int CountGroups(ReadOnlySpan<byte> text, bool allowsIpv4)
    {
        var count = 0;
        foreach (var range in text.Split((byte)':'))
        {
            var group = text[range];
            if (allowsIpv4 && range.End.GetOffset(text.Length) == text.Length && group.Contains((byte)'.'))
            {
                return IsIpv4(group) ? count + 2 : -1;
            }

            if (group.Length is 0 or > 4)
            {
                return -1;
            }

            foreach (var unit in group)
            {
                if (!char.IsAsciiHexDigit((char)unit))
                {
                    return -1;
                }
            }
            count++;
        }
        return count;
    }
}
