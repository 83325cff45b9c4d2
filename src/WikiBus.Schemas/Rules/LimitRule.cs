namespace WikiBus.Schemas.Rules;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms.</summary>
internal sealed class LimitRule : SchemaRule
{
    private readonly string _keyword;
    private readonly string _limitText;
    private readonly JsonNumber _limit;
    private readonly long? _integerLimit;

    /// <summary>What comparing the value with the limit may give: -1, 0, 1.</summary>
    private readonly Func<int, bool> _isAllowed;
    private readonly string _comparison;
    private readonly bool _isExclusive;

    /// <summary>Makes the rule.</summary>
    /// <param name="keyword">The keyword that is reported.</param>
    /// <param name="limit">The limit, a number.</param>
    /// <param name="isMaximum">True if values must not be greater, false if not smaller.</param>
    /// <param name="isExclusive">True if the limit itself is not allowed.</param>
    public LimitRule(string keyword, JsonNode limit, bool isMaximum, bool isExclusive)
    {
        _keyword = keyword;
        _limitText = limit.ToString();
        _limit = JsonNumber.Parse(limit.Raw);
        _integerLimit = limit.TryGetInt64(out var value) ? value : null;
        _isExclusive = isExclusive;
        (_isAllowed, _comparison) = (isMaximum, isExclusive) switch
        {
            (true, true) => (new Func<int, bool>(static sign => sign < 0), "<"),
            (true, false) => (static sign => sign <= 0, "<="),
            (false, true) => (static sign => sign > 0, ">"),
            (false, false) => (static sign => sign >= 0, ">="),
        };
    }

    public override bool IsValid(ref Evaluation run, int index)
    {
        if (_integerLimit is { } limit && run.TryGetInteger(index, out var value))
            return _isAllowed(value.CompareTo(limit));
        return _isAllowed(run.Number(index).CompareTo(_limit));
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var exclusive = _isExclusive ? "true" : "false";
        errors.Add(
            _keyword,
            $"{{\"comparison\":\"{_comparison}\",\"limit\":{_limitText},\"exclusive\":{exclusive}}}",
            $"should be {_comparison} {_limitText}");
    }
}
