using System.Diagnostics.CodeAnalysis;
using System.Text;
using WikiBus.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Filters;

/// <summary>
/// One <c>filter=PATH OP VALUE</c>: names joined by <c>.</c>, an operator, a value, without spaces between them. Where
/// the path leads to an array, any of its elements may match. <c>!=</c> is the opposite of <c>=</c>: a missing path
/// makes it true, and no element of an array may equal the value. Immutable; safe for concurrent use.
/// </summary>
internal sealed class FilterExpression
{
    /// <summary>Most filters in one request.</summary>
    public const int CountMax = 16;

    /// <summary>Most characters of one filter.</summary>
    public const int LengthMax = 1024;

    /// <summary>Most names in a path.</summary>
    public const int PathLengthMax = 32;

    private readonly byte[][] _path;
    private readonly FilterOperator _operator;
    private readonly FilterValue _value;
    private readonly string _text;

    private FilterExpression(string text, byte[][] path, FilterOperator @operator, FilterValue value)
    {
        _text = text;
        _path = path;
        _operator = @operator;
        _value = value;
    }

    /// <summary>Reads a filter; the fault says what is wrong, where, and what is allowed.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out FilterExpression? filter, [NotNullWhen(false)] out string? fault)
    {
        filter = null;
        fault = text.Length > LengthMax
            ? $"A filter of {text.Length} characters is too long; {LengthMax} are allowed."
            : null;
        if (fault is not null)
        {
            return false;
        }

        if (!TryFindOperator(text, out var at, out var length, out var @operator))
        {
            fault = $"Filter '{Echo.Of(text)}' has no operator; PATH OP VALUE is allowed, OP being one of != = ~ < >.";
            return false;
        }

        var names = text[..at].Split('.');
        if (names.Length > PathLengthMax)
        {
            fault = $"Filter '{Echo.Of(text)}' has a path of {names.Length} names; {PathLengthMax} are allowed.";
            return false;
        }

        if (names.Contains(""))
        {
            fault = $"Filter '{Echo.Of(text)}' has an empty name in its path before character {at + 1}; "
                + "names joined by '.' are allowed.";
            return false;
        }

        filter = new FilterExpression(
            text, [.. names.Select(Encoding.UTF8.GetBytes)], @operator, new FilterValue(text[(at + length)..]));
        return true;
    }

    /// <summary>Whether the event passes.</summary>
    public bool Matches(JsonTapeValue root) => _operator == FilterOperator.NotEqual
        ? !AnyMatches(root, 0, FilterOperator.Equal)
        : AnyMatches(root, 0, _operator);

    /// <summary>The filter as it was given: equal texts are equal filters.</summary>
    public override string ToString() => _text;

    private static bool TryFindOperator(string text, out int at, out int length, out FilterOperator @operator)
    {
        length = 1;
        @operator = default;
        for (at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '!' when at + 1 < text.Length && text[at + 1] == '=':
                    (length, @operator) = (2, FilterOperator.NotEqual);
                    return true;
                case '=':
                    @operator = FilterOperator.Equal;
                    return true;
                case '~':
                    @operator = FilterOperator.Contains;
                    return true;
                case '<':
                    @operator = FilterOperator.Less;
                    return true;
                case '>':
                    @operator = FilterOperator.Greater;
                    return true;
            }
        }

        return false;
    }

    private bool AnyMatches(JsonTapeValue node, int depth, FilterOperator @operator)
    {
        if (node.Kind == JsonKind.Array)
        {
            foreach (var element in node)
            {
                if (AnyMatches(element, depth, @operator))
                {
                    return true;
                }
            }

            return false;
        }

        return depth < _path.Length
            ? node.Kind == JsonKind.Object && AnyMatches(node[_path[depth]], depth + 1, @operator)
            : _value.Matches(node, @operator);
    }
}
