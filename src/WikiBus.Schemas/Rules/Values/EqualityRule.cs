using WikiBus.Json;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>const</c> and <c>enum</c>.</summary>
internal sealed class EqualityRule : SchemaRule
{
    /// <summary>More values are found by their hash.</summary>
    private const int ValuesSearchedMax = 12;

    private readonly JsonTapeValue[] _values;
    private readonly HashSet<JsonTapeValue>? _table;
    private readonly JsonTapeValue _source;
    private readonly bool _isConstant;

    /// <summary>Makes the rule.</summary>
    /// <param name="source">The keyword's value in the schema: the constant, or the array of allowed values.</param>
    /// <param name="isConstant">True for <c>const</c>.</param>
    public EqualityRule(JsonTapeValue source, bool isConstant)
    {
        _source = source;
        _isConstant = isConstant;
        var values = new List<JsonTapeValue>();
        if (isConstant)
        {
            values.Add(source);
        }

        for (var elements = source.GetEnumerator(); !isConstant && elements.MoveNext();)
        {
            values.Add(elements.Current);
        }

        _values = [.. values];
        _table = values.Count > ValuesSearchedMax ? new HashSet<JsonTapeValue>(values, JsonEquality.Instance) : null;
    }

    public override bool IsValid(ref Evaluation run, int index)
    {
        var node = run.Node(index);
        if (_table is not null)
        {
            return _table.Contains(node);
        }

        foreach (var value in _values)
        {
            if (JsonEquality.Instance.Equals(value, node))
            {
                return true;
            }
        }
        return false;
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var allowed = ErrorText.Compact(_source);
        if (_isConstant)
        {
            errors.Add("const", $"{{\"allowedValue\":{allowed}}}", "should be equal to constant");
        }
        else
        {
            errors.Add("enum", $"{{\"allowedValues\":{allowed}}}", "should be equal to one of the allowed values");
        }
    }
}
