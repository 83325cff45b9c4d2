using System.Globalization;

namespace WikiBus.Schemas.Patterns;

/// <summary>
/// Reads an ECMA-262 regular expression with Unicode semantics. Braces and brackets without a partner mean themselves,
/// as in browsers and Node.js without the flag <c>u</c>.
/// </summary>
internal sealed class EcmaParser
{
    private const int NestingMax = 100;

    private readonly EcmaEscapes _escapes;
    private readonly PatternText _text;
    private int _nesting;

    private EcmaParser(string source, bool isStrict)
    {
        _text = new PatternText(source);
        _escapes = new EcmaEscapes(_text, isStrict, PatternGroups.In(source));
    }

    /// <param name="source">The text.</param>
    /// <param name="isStrict">True: an escape without a meaning is a fault. False: it means what Node.js takes it for,
    /// see <see cref="EcmaEscapes"/>.</param>
    /// <exception cref="PatternSyntaxException">The text is not such an expression.</exception>
    public static PatternNode Parse(string source, bool isStrict)
    {
        var parser = new EcmaParser(source, isStrict);
        var pattern = parser.ReadChoice();
        return parser._text.IsAtEnd ? pattern : throw parser._text.Fault("a closing bracket without an opening one");
    }

    private PatternNode ReadChoice()
    {
        if (++_nesting > NestingMax)
        {
            throw _text.Fault($"nested deeper than {NestingMax} levels");
        }

        var options = new List<PatternNode> { ReadSequence() };
        while (_text.TryTake("|"))
        {
            options.Add(ReadSequence());
        }

        _nesting--;
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (!_text.IsAtEnd && !_text.IsAt("|") && !_text.IsAt(")"))
        {
            parts.Add(ReadTerm());
        }

        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode ReadTerm()
    {
        if (_text.TryTake("^"))
        {
            return new PatternNode.Start();
        }

        if (_text.TryTake("$"))
        {
            return new PatternNode.End();
        }

        if (_text.TryTake("\\b"))
        {
            return new PatternNode.WordBoundary(false);
        }

        if (_text.TryTake("\\B"))
        {
            return new PatternNode.WordBoundary(true);
        }

        return ReadQuantifier(ReadAtom());
    }

    private PatternNode ReadAtom()
    {
        if (_text.TryTake("("))
        {
            return ReadGroup();
        }

        if (_text.TryTake("["))
        {
            return new PatternNode.Set(ReadClass());
        }

        if (_text.TryTake("."))
        {
            return new PatternNode.Set(CodePointSet.LineTerminators.Complement());
        }

        if (_text.TryTake("\\"))
        {
            return _escapes.ReadAtom();
        }

        if (_text.IsAt("*") || _text.IsAt("+") || _text.IsAt("?"))
        {
            throw _text.Fault("nothing to repeat");
        }

        if (_text.IsAt("{") && TryReadBraces(out _, out _))
        {
            throw _text.Fault("nothing to repeat");
        }

        var point = _text.TakeCodePoint();
        return new PatternNode.Set(CodePointSet.Of((point, point)));
    }

    private PatternNode ReadGroup()
    {
        if (_text.TryTake("?:"))
        {
            return Close(ReadChoice());
        }

        if (_text.TryTake("?="))
        {
            return Close(new PatternNode.Look(ReadChoice(), IsBehind: false, IsNegative: false));
        }

        if (_text.TryTake("?!"))
        {
            return Close(new PatternNode.Look(ReadChoice(), IsBehind: false, IsNegative: true));
        }

        if (_text.TryTake("?<="))
        {
            return Close(new PatternNode.Look(ReadChoice(), IsBehind: true, IsNegative: false));
        }

        if (_text.TryTake("?<!"))
        {
            return Close(new PatternNode.Look(ReadChoice(), IsBehind: true, IsNegative: true));
        }

        if (_text.TryTake("?<"))
        {
            var name = _text.TakeUntil('>');
            return Close(new PatternNode.Capture(ReadChoice(), name));
        }
        if (_text.IsAt("?"))
        {
            throw _text.Fault("no such group");
        }

        return Close(new PatternNode.Capture(ReadChoice(), null));
    }

    private PatternNode Close(PatternNode group) =>
        _text.TryTake(")") ? group : throw _text.Fault("a bracket is not closed");

    private PatternNode ReadQuantifier(PatternNode atom)
    {
        int min, max;
        if (_text.TryTake("*"))
        {
            (min, max) = (0, int.MaxValue);
        }
        else if (_text.TryTake("+"))
        {
            (min, max) = (1, int.MaxValue);
        }
        else if (_text.TryTake("?"))
        {
            (min, max) = (0, 1);
        }
        else if (!_text.IsAt("{") || !TryReadBraces(out min, out max))
        {
            return atom;
        }

        if (min > max)
        {
            throw _text.Fault("the numbers of a quantifier are out of order");
        }

        return new PatternNode.Repeat(atom, min, max, _text.TryTake("?"));
    }

    /// <summary>Reads <c>{2}</c>, <c>{2,}</c> or <c>{2,3}</c>; anything else is not read.</summary>
    private bool TryReadBraces(out int min, out int max)
    {
        min = max = 0;
        var start = _text.Position;
        _text.TryTake("{");
        var isCount = TryReadCount(out min);
        max = min;
        if (isCount && _text.TryTake(",") && !TryReadCount(out max))
        {
            max = int.MaxValue;
        }

        if (isCount && _text.TryTake("}"))
        {
            return true;
        }

        _text.Position = start;
        return false;
    }

    private bool TryReadCount(out int count)
    {
        var digits = _text.TakeWhile(char.IsAsciiDigit);
        count = 0;
        if (digits.Length == 0)
        {
            return false;
        }

        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count))
        {
            count = int.MaxValue;
        }

        return true;
    }

    private CodePointSet ReadClass()
    {
        var isNegative = _text.TryTake("^");
        var set = CodePointSet.Of();
        while (!_text.TryTake("]"))
        {
            if (_text.IsAtEnd)
            {
                throw _text.Fault("a class is not closed");
            }

            var first = ReadClassAtom();
            if (!_text.IsAt("-") || _text.IsAt("-]"))
            {
                set = set.Union(first);
                continue;
            }
            _text.TryTake("-");
            if (_text.IsAtEnd)
            {
                throw _text.Fault("a class is not closed");
            }

            set = set.Union(RangeOf(first, ReadClassAtom()));
        }
        return isNegative ? set.Complement() : set;
    }

    /// <summary>
    /// From one character to another. If either is itself a class (<c>\w-x</c>), all three are members.
    /// </summary>
    private CodePointSet RangeOf(CodePointSet first, CodePointSet last)
    {
        if (!IsSingle(first, out var low) || !IsSingle(last, out var high))
        {
            return first.Union(last).Union(CodePointSet.Of(('-', '-')));
        }

        return low <= high ? CodePointSet.Of((low, high)) : throw _text.Fault("a range in a class is out of order");
    }

    private static bool IsSingle(CodePointSet set, out int point)
    {
        point = set.Ranges.Length == 1 ? set.Ranges[0].First : 0;
        return set.Ranges.Length == 1 && set.Ranges[0].Last == point;
    }

    private CodePointSet ReadClassAtom()
    {
        if (_text.TryTake("\\"))
        {
            return _escapes.ReadInClass();
        }

        var point = _text.TakeCodePoint();
        return CodePointSet.Of((point, point));
    }
}
