using System.Text;

namespace WikiBus.Fuzzing;

/// <summary>Makes random JSON texts, and breaks them.</summary>
internal sealed class RandomJson(Random random)
{
    private static readonly string[] s_scalars =
    [
        "null", "true", "false", "0", "-0", "1", "-17", "1.0", "0.5", "1e3", "1E-2", "-2.50e+1", "12345678901234567890",
            "1e400", "\"\"",
        "\"a\"", "\"abc\"", "\"\\u0061\"", "\"é😀\"", "\"\\ud83d\\ude00\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
            "\"2020-01-02T03:04:05Z\"",
        "\"a longer text, so that more than one vector is read and the tail as well\"",
    ];

    private static readonly string[] s_names = ["\"a\"", "\"b\"", "\"c\"", "\"\"", "\"\\u0061\"", "\"meta\"",
        "\"a name of more than sixteen bytes\""];

    private static readonly string[] s_fragments =
        ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "-", ".", "e", "+", " ", "\n", "\t", "\0",
            "t", "nul", "é", "//", "'"];

    public string Value(int depth = 4)
    {
        var text = new StringBuilder();
        AddValue(text, depth);
        return text.ToString();
    }

    /// <summary>Cuts or changes parts of a text, or inserts something.</summary>
    public string Mutate(string text)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var start = random.Next(text.Length + 1);
            var end = Math.Min(text.Length, start + random.Next(4));
            var fragment = random.Next(3) == 0 ? "" : s_fragments[random.Next(s_fragments.Length)];
            text = text[..start] + fragment + text[end..];
        }
        return text;
    }

    private void AddValue(StringBuilder text, int depth)
    {
        AddSpace(text);
        var isContainer = depth > 0 && random.Next(3) > 0;
        if (!isContainer)
        {
            text.Append(s_scalars[random.Next(s_scalars.Length)]);
        }
        else
        {
            AddContainer(text, depth, isObject: random.Next(2) == 0);
        }

        AddSpace(text);
    }

    private void AddContainer(StringBuilder text, int depth, bool isObject)
    {
        text.Append(isObject ? '{' : '[');
        for (int i = 0, count = random.Next(5); i < count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            AddSpace(text);
            if (isObject)
            {
                text.Append(s_names[random.Next(s_names.Length)]).Append(':');
            }

            AddValue(text, depth - 1);
        }
        AddSpace(text);
        text.Append(isObject ? '}' : ']');
    }

    private void AddSpace(StringBuilder text)
    {
        if (random.Next(8) == 0)
        {
            text.Append(" \n\r\t"[random.Next(4)]);
        }
    }
}
