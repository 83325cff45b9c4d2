using System.Globalization;

namespace WikiBus.Schemas.Patterns;

/// <summary>
/// Reads what follows a backslash. Unless it is strict, an escape without a meaning means its letter, and a number that
/// no group has is octal: so Node.js reads them without the flag <c>u</c> (ECMA-262, annex B).
/// </summary>
internal sealed class EcmaEscapes(PatternText text, bool isStrict, PatternGroups groups)
{
    public PatternNode ReadAtom()
    {
        if ((isStrict || groups.HasNames) && text.TryTake("k"))
        {
            return groups.HasNames && text.TryTake("<")
                ? new PatternNode.BackReference(text.TakeUntil('>'))
                : throw text.Fault("\\k needs the name of a group");
        }

        var start = text.Position;
        if (!text.IsAt("0") && text.TakeWhile(char.IsAsciiDigit) is { Length: > 0 } number)
        {
            if (int.TryParse(number, CultureInfo.InvariantCulture, out var group) && group <= groups.Count)
            {
                return new PatternNode.BackReference(number);
            }

            text.Position = isStrict ? throw text.Fault($"there is no group {number}") : start;
        }

        return new PatternNode.Set(ReadSet(isInClass: false));
    }

    public CodePointSet ReadInClass() => text.TryTake("b") ? Single('\b') : ReadSet(isInClass: true);

    private CodePointSet ReadSet(bool isInClass)
    {
        var letter = text.TakeChar();
        return letter switch
        {
            'd' => CodePointSet.Digits,
            'D' => CodePointSet.Digits.Complement(),
            'w' => CodePointSet.WordCharacters,
            'W' => CodePointSet.WordCharacters.Complement(),
            's' => CodePointSet.WhiteSpace,
            'S' => CodePointSet.WhiteSpace.Complement(),
            'p' when isStrict || text.IsAt("{") => ReadProperty(),
            'P' when isStrict || text.IsAt("{") => ReadProperty().Complement(),
            't' => Single('\t'),
            'n' => Single('\n'),
            'v' => Single('\v'),
            'f' => Single('\f'),
            'r' => Single('\r'),
            '0' when !isStrict || text.TakeWhile(char.IsAsciiDigit) is "" => Single(ReadOctal(letter)),
            > '0' and <= '7' when !isStrict => Single(ReadOctal(letter)),
            'c' => Single(ReadControl(isInClass)),
            'x' => Single(ReadHex(2) ?? NotHex(letter, 2)),
            'u' => Single(ReadUnicode()),
            _ when isStrict && char.IsAsciiLetterOrDigit(letter) => throw text.Fault($"there is no escape \\{letter}"),
            _ => ReadItself(),
        };
    }

    private CodePointSet ReadItself()
    {
        text.Position--;
        return Single(text.TakeCodePoint());
    }

    private CodePointSet ReadProperty()
    {
        if (!text.TryTake("{"))
        {
            throw text.Fault("\\p needs a property in braces");
        }

        var name = text.TakeUntil('}');
        return UnicodeProperties.Find(name)
            ?? throw text.Fault($"the Unicode property {name} is not known; general categories are");
    }

    /// <summary>Up to three octal digits, at most <c>\377</c>.</summary>
    private int ReadOctal(char first)
    {
        var value = first - '0';
        for (var count = 1; count < 3 && value < 32 && !text.IsAtEnd; count++)
        {
            var digit = text.TakeChar();
            if (digit is < '0' or > '7')
            {
                text.Position--;
                break;
            }

            value = (value * 8) + digit - '0';
        }

        return value;
    }

    private int ReadControl(bool isInClass)
    {
        var start = text.Position;
        var letter = text.IsAtEnd ? ' ' : text.TakeChar();
        if (char.IsAsciiLetter(letter) || (!isStrict && isInClass && (char.IsAsciiDigit(letter) || letter == '_')))
        {
            return letter % 32;
        }

        if (isStrict)
        {
            throw text.Fault("\\c needs a letter");
        }

        // The backslash means itself, and the c is read again.
        text.Position = start - 1;
        return '\\';
    }

    private int ReadUnicode()
    {
        var start = text.Position;
        if (text.IsAt("{") && ReadBraces() is { } point)
        {
            return point;
        }

        text.Position = start;
        if (ReadHex(4) is not { } unit)
        {
            return NotHex('u', 4);
        }

        var end = text.Position;
        if (char.IsHighSurrogate((char)unit) && text.TryTake("\\u") && ReadHex(4) is { } low
            && char.IsLowSurrogate((char)low))
        {
            return char.ConvertToUtf32((char)unit, (char)low);
        }

        text.Position = end;
        return unit;
    }

    /// <summary>The code point in braces; null if there is none.</summary>
    private int? ReadBraces()
    {
        text.TryTake("{");
        var digits = text.TakeWhile(char.IsAsciiHexDigit);
        return text.TryTake("}")
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
            && point is >= 0 and <= CodePointSet.CodePointMax ? point : null;
    }

    /// <summary>The number of these hexadecimal digits; null, with nothing read, if there are fewer.</summary>
    private int? ReadHex(int length)
    {
        var start = text.Position;
        var value = 0;
        for (var count = 0; count < length; count++)
        {
            var digit = text.IsAtEnd ? ' ' : text.TakeChar();
            if (!char.IsAsciiHexDigit(digit))
            {
                text.Position = start;
                return null;
            }

            value = (value << 4) | Convert.ToInt32(digit.ToString(), 16);
        }

        return value;
    }

    private int NotHex(char letter, int length) =>
        isStrict ? throw text.Fault($"{length} hexadecimal digits are needed") : letter;

    private static CodePointSet Single(int point) => CodePointSet.Of((point, point));
}
