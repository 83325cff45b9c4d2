using System.Globalization;
using System.Text;

namespace WikiBus.Schemas.Patterns;

/// <summary>
/// Writes a pattern for .NET's engines, which read UTF-16. It writes every class as ranges, and code points beyond
/// U+FFFF as pairs, so that a code point always counts as one.
/// </summary>
internal sealed class DotNetPatternWriter
{
    private const string Word = "[0-9A-Z_a-z]";

    private readonly StringBuilder _text = new();

    /// <summary>True if the pattern has a part that only a backtracking engine knows.</summary>
    public bool NeedsBacktracking { get; private set; }

    public static string Write(PatternNode pattern, out bool needsBacktracking)
    {
        var writer = new DotNetPatternWriter();
        writer.Add(pattern);
        needsBacktracking = writer.NeedsBacktracking;
        return writer._text.ToString();
    }

    private void Add(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set set:
                AddSet(set.CodePoints);
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Add(part);
                }

                break;
            case PatternNode.Choice choice:
                AddChoice(choice);
                break;
            case PatternNode.Repeat repeat:
                AddGroup("(?:", repeat.Part);
                AddQuantifier(repeat);
                break;
            case PatternNode.Capture capture:
                AddGroup(capture.Name is null ? "(" : $"(?<{capture.Name}>", capture.Part);
                break;
            case PatternNode.Start:
                _text.Append('^');
                break;
            case PatternNode.End:
                _text.Append("\\z");
                break;
            default:
                NeedsBacktracking = true;
                AddBacktracking(node);
                break;
        }
    }

    private void AddBacktracking(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.WordBoundary boundary:
                _text.Append(boundary.IsNegative
                    ? $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))"
                    : $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))");
                break;
            case PatternNode.Look look:
                AddGroup($"(?{(look.IsBehind ? "<" : "")}{(look.IsNegative ? '!' : '=')}", look.Part);
                break;
            case PatternNode.BackReference reference:
                _text.Append("\\k<").Append(reference.Target).Append('>');
                break;
        }
    }

    private void AddChoice(PatternNode.Choice choice)
    {
        _text.Append("(?:");
        for (var i = 0; i < choice.Options.Count; i++)
        {
            if (i > 0)
            {
                _text.Append('|');
            }

            Add(choice.Options[i]);
        }
        _text.Append(')');
    }

    private void AddGroup(string opening, PatternNode part)
    {
        _text.Append(opening);
        Add(part);
        _text.Append(')');
    }

    private void AddQuantifier(PatternNode.Repeat repeat)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{{{repeat.Min},");
        if (repeat.Max != int.MaxValue)
        {
            _text.Append(repeat.Max);
        }

        _text.Append(repeat.IsLazy ? "}?" : "}");
    }

    private void AddSet(CodePointSet set)
    {
        var plane0 = new StringBuilder();
        var pairs = new List<string>();
        foreach (var (first, last) in set.WithoutSurrogates().Ranges)
        {
            if (first <= char.MaxValue)
            {
                AppendRange(plane0, first, Math.Min(last, char.MaxValue));
            }

            if (last > char.MaxValue)
            {
                AddPairs(pairs, Math.Max(first, char.MaxValue + 1), last);
            }
        }
        if (plane0.Length > 0)
        {
            pairs.Insert(0, $"[{plane0}]");
        }

        _text.Append(pairs.Count switch
        {
            // A class without members matches nothing.
            0 => "[^\\u0000-\\uFFFF]",
            1 => pairs[0],
            _ => $"(?:{string.Join('|', pairs)})",
        });
    }

    /// <summary>A range beyond U+FFFF as pairs of surrogates, cut where the first of the pair changes.</summary>
    private static void AddPairs(List<string> pairs, int first, int last)
    {
        while (first <= last)
        {
            var high = HighOf(first);
            var isWhole = LowOf(first) == 0xDC00 && HighOf(last) > high;
            var highLast = isWhole ? HighOf(last) - 1 : high;
            var lowLast = !isWhole && HighOf(last) == high ? LowOf(last) : 0xDFFF;
            var text = new StringBuilder("[");
            AppendRange(text, high, highLast);
            text.Append("][");
            AppendRange(text, LowOf(first), lowLast);
            pairs.Add(text.Append(']').ToString());
            first = ((highLast - 0xD800) << 10) + (lowLast - 0xDC00) + 0x10001;
        }
    }

    private static int HighOf(int point) => ((point - 0x10000) >> 10) + 0xD800;

    private static int LowOf(int point) => ((point - 0x10000) & 0x3FF) + 0xDC00;

    private static void AppendRange(StringBuilder text, int first, int last)
    {
        text.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}");
        if (last > first)
        {
            text.Append(CultureInfo.InvariantCulture, $"-\\u{last:X4}");
        }
    }
}
