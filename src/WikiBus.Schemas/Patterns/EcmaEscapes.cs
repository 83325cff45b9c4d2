using System.Globalization;

namespace WikiBus.Schemas.Patterns;

/// <summary>Reads what follows a backslash.</summary>
internal sealed class EcmaEscapes(PatternText text)
{
    public PatternNode ReadAtom()
    {
        if (text.TryTake("k<"))
        {
            return new PatternNode.BackReference(text.TakeUntil('>'));
        }

        if (!text.IsAt("0") && text.TakeWhile(char.IsAsciiDigit) is { Length: > 0 } number)
        {
            return new PatternNode.BackReference(number);
        }

        return new PatternNode.Set(ReadSet());
    }

    public CodePointSet ReadInClass() => text.TryTake("b") ? Single('\b') : ReadSet();

    private CodePointSet ReadSet()
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
            'p' => ReadProperty(),
            'P' => ReadProperty().Complement(),
            't' => Single('\t'),
            'n' => Single('\n'),
            'v' => Single('\v'),
            'f' => Single('\f'),
            'r' => Single('\r'),
            '0' => Single('\0'),
            'c' => Single(ReadControl()),
            'x' => Single(ReadHex(2)),
            'u' => Single(ReadUnicode()),
            _ when char.IsAsciiLetterOrDigit(letter) => throw text.Fault($"there is no escape \\{letter}"),
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

    private int ReadControl()
    {
        var letter = text.TakeChar();
        return char.IsAsciiLetter(letter) ? letter % 32 : throw text.Fault("\\c needs a letter");
    }

    private int ReadUnicode()
    {
        if (text.TryTake("{"))
        {
            var digits = text.TakeUntil('}');
            return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
                && point is >= 0 and <= CodePointSet.CodePointMax
                ? point
                : throw text.Fault($"{digits} is no code point");
        }
        var unit = ReadHex(4);
        var end = text.Position;
        if (char.IsHighSurrogate((char)unit) && text.TryTake("\\u") && !text.IsAt("{"))
        {
            var low = ReadHex(4);
            if (char.IsLowSurrogate((char)low))
            {
                return char.ConvertToUtf32((char)unit, (char)low);
            }
        }

        text.Position = end;
        return unit;
    }

    private int ReadHex(int length)
    {
        var value = 0;
        for (var i = 0; i < length; i++)
        {
            var digit = text.TakeChar();
            if (!char.IsAsciiHexDigit(digit))
            {
                throw text.Fault($"{length} hexadecimal digits are needed");
            }

            value = (value << 4) | Convert.ToInt32(digit.ToString(), 16);
        }
        return value;
    }

    private static CodePointSet Single(int point) => CodePointSet.Of((point, point));
}
