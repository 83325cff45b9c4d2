using System.Diagnostics.CodeAnalysis;
using System.Text;
using WikiBus.Json;

namespace WikiBus.Server.Filters;

/// <summary>
/// One <c>filter=PATH OP VALUE</c>: names joined by <c>.</c>, an operator, a value. Where the path leads to an array,
/// any of its elements may match. <c>!=</c> is the opposite of <c>=</c>: a missing path makes it true, and no element
/// of an array may equal the value. Immutable; safe for concurrent use.
/// </summary>
internal sealed class FilterExpression
{
    /// <summary>Most filters in one request.</summary>
    public const int CountMax = 16;

    /// <summary>Most characters of one filter.</summary>
    public const int LengthMax = 1024;

    /// <summary>Most names in a path.</summary>
    public const int PathLengthMax = 32;

    /// <summary>What may be given, for the text of a refusal.</summary>
    public const string Grammar = "PATH OP VALUE is allowed: names joined by '.', one of = == != ~ < <= > >=, and a "
        + "text, number, true, false or null. Blanks around OP do not count; "
        + "a value in double quotes is a JSON string.";

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
        filter = FilterText.Read(text, out fault) is { } parts
            ? new FilterExpression(
                text, [.. parts.Path.Select(Encoding.UTF8.GetBytes)], parts.Operator, new FilterValue(parts.Value))
            : null;
        return filter is not null;
    }

    /// <summary>Whether the event passes.</summary>
    public bool Matches(JsonTapeValue root) => _operator == FilterOperator.NotEqual
        ? !AnyMatches(root, 0, FilterOperator.Equal)
        : AnyMatches(root, 0, _operator);

    /// <summary>The filter as it was given: equal texts are equal filters.</summary>
    public override string ToString() => _text;

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
