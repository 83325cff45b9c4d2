using System.Buffers.Text;
using System.Buffers;
using System.Globalization;
using System.Text;
using WikiBus.Json;

namespace WikiBus.Server.Filters;

/// <summary>
/// The right side of a filter. Compared as a number if both sides are numbers, else as text in the order of its UTF-8
/// bytes. <c>true</c>, <c>false</c> and <c>null</c> are text. An object compares with nothing.
/// </summary>
internal sealed class FilterValue
{
    private const int StackCharacters = 256;

    private readonly string _text;
    private readonly byte[] _utf8;
    private readonly bool _isNumber;
    private readonly bool _isWhole;
    private readonly double _number;
    private readonly long _whole;

    public FilterValue(string text)
    {
        _text = text;
        _utf8 = Encoding.UTF8.GetBytes(text);
        _isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _number)
            && double.IsFinite(_number);
        _isWhole = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _whole);
    }

    public bool Matches(JsonTapeValue node, FilterOperator @operator)
    {
        switch (node.Kind)
        {
            case JsonKind.None or JsonKind.Object or JsonKind.Array:
                return false;
            case JsonKind.Number when _isNumber && @operator != FilterOperator.Contains:
                return Holds(@operator, CompareNumber(node.Raw));
            case JsonKind.String:
                return MatchesText(node.GetUtf8().Span, @operator);
            default:
                return MatchesText(node.Raw, @operator);
        }
    }

    private static bool Holds(FilterOperator @operator, int order) => @operator switch
    {
        FilterOperator.Equal => order == 0,
        FilterOperator.Less => order < 0,
        FilterOperator.LessOrEqual => order <= 0,
        FilterOperator.Greater => order > 0,
        FilterOperator.GreaterOrEqual => order >= 0,
        _ => false,
    };

    // Ids can be whole numbers beyond 2^53, of which a double would call neighbours equal.
    private int CompareNumber(ReadOnlySpan<byte> raw)
    {
        if (_isWhole && Utf8Parser.TryParse(raw, out long whole, out var used) && used == raw.Length)
        {
            return whole.CompareTo(_whole);
        }

        return double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.CompareTo(_number)
            : 1;
    }

    private bool MatchesText(ReadOnlySpan<byte> text, FilterOperator @operator) =>
        @operator == FilterOperator.Contains
            ? ContainsValue(text)
            : Holds(@operator, text.SequenceCompareTo(_utf8));

    private bool ContainsValue(ReadOnlySpan<byte> text)
    {
        if (text.Length > StackCharacters)
        {
            var rented = ArrayPool<char>.Shared.Rent(text.Length);
            var found = ContainsValue(text, rented);
            ArrayPool<char>.Shared.Return(rented);
            return found;
        }

        return ContainsValue(text, stackalloc char[StackCharacters]);
    }

    private bool ContainsValue(ReadOnlySpan<byte> text, Span<char> buffer)
    {
        var length = Encoding.UTF8.GetChars(text, buffer);
        return ((ReadOnlySpan<char>)buffer[..length]).Contains(_text, StringComparison.OrdinalIgnoreCase);
    }
}
