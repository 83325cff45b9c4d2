using System.Text;
using WikiBus.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Filters;

/// <summary>
/// Reads the text of a filter. The first operator counts, so a value may contain others. What can only be a mistake is
/// refused, since a filter that matches nothing looks like a stream without events.
/// </summary>
internal static class FilterText
{
    private static readonly char[] s_blanks = [' ', '\t', '\r', '\n'];

    private const string TypographicQuotes = "“”„‟‘’‚‛«»";

    // The longer ones first.
    private static readonly (string Sign, FilterOperator Operator)[] s_operators =
    [
        ("!=", FilterOperator.NotEqual), ("==", FilterOperator.Equal), ("<=", FilterOperator.LessOrEqual),
        (">=", FilterOperator.GreaterOrEqual), ("=", FilterOperator.Equal), ("~", FilterOperator.Contains),
        ("<", FilterOperator.Less), (">", FilterOperator.Greater),
    ];

    /// <summary>Null with a fault that says what is wrong, where, and what is allowed.</summary>
    public static FilterParts? Read(string text, out string? fault)
    {
        if (text.Length > FilterExpression.LengthMax)
        {
            fault = $"A filter of {text.Length} characters is too long; {FilterExpression.LengthMax} are allowed.";
            return null;
        }

        fault = FindOperator(text, out var at, out var sign, out var @operator) ? null : "has no operator";
        var path = text[..at].Split('.');
        for (var index = 0; index < path.Length; index++)
        {
            path[index] = path[index].Trim(s_blanks);
        }

        var value = text[(at + sign.Length)..].Trim(s_blanks);
        fault ??= FaultOfPath(path, at) ?? FaultOfValue(sign, ref value);
        if (fault is null)
        {
            return new FilterParts(path, @operator, value);
        }

        fault = $"Filter '{Echo.Of(text)}' {fault}. {FilterExpression.Grammar}";
        return null;
    }

    private static bool FindOperator(string text, out int at, out string sign, out FilterOperator @operator)
    {
        for (at = 0; at < text.Length; at++)
        {
            if (TryReadOperator(text.AsSpan(at), out sign, out @operator))
            {
                return true;
            }
        }

        (sign, @operator) = ("", default);
        return false;
    }

    private static bool TryReadOperator(ReadOnlySpan<char> text, out string sign, out FilterOperator @operator)
    {
        foreach (var known in s_operators)
        {
            if (text.StartsWith(known.Sign))
            {
                (sign, @operator) = known;
                return true;
            }
        }

        (sign, @operator) = ("", default);
        return false;
    }

    private static string? FaultOfPath(string[] path, int at)
    {
        if (path.Length > FilterExpression.PathLengthMax)
        {
            return $"has a path of {path.Length} names; {FilterExpression.PathLengthMax} are allowed";
        }

        if (path.Contains(""))
        {
            return $"has an empty name in its path before character {at + 1}";
        }

        if (Array.Find(path, static name => !IsName(name)) is { } name)
        {
            return $"has '{Echo.Of(name)}' in its path, which is not a name";
        }

        return path[^1].EndsWith('!') ? $"has a path that ends with '!' before character {at + 1}" : null;
    }

    private static bool IsName(string name) =>
        name != "$" && !name.AsSpan().ContainsAny("\"'[]") && !name.AsSpan().ContainsAny(TypographicQuotes)
        && !HasOtherBlank(name);

    // The usual blanks are already cut off.
    private static bool HasOtherBlank(string text) => text.Trim().Length != text.Length;

    private static string? FaultOfValue(string sign, ref string value)
    {
        switch (value)
        {
            case ['"', ..]:
                var tape = new JsonTape();
                if (!tape.TryParse(Encoding.UTF8.GetBytes(value), out _) || tape.Root.Kind != JsonKind.String)
                {
                    return "has a value with quotes that is not one JSON string";
                }

                value = tape.Root.GetString();
                break;
            case ['\'', .., '\'']:
                return "has a value in single quotes; double quotes are allowed";
            case [var first, .., var last] when TypographicQuotes.Contains(first) && TypographicQuotes.Contains(last):
                return "has a value in typographic quotes, which are allowed in straight double quotes (\")";
            case [..] when HasOtherBlank(value):
                return "has a value with a no-break space or the like at an end, which is allowed in double quotes";
            case [..] when TryReadOperator(value, out _, out _):
                return "has a value that begins with an operator, which is allowed in double quotes";
        }

        return value.Length == 0 && sign[0] is ('<' or '>') ? $"has no value after '{sign}'" : null;
    }
}
