using WikiBus.Json;
using WikiBus.Json.Scalars;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms.</summary>
internal sealed class LimitRule : SchemaRule
{
    private readonly string _keyword;
    private readonly string _limitText;
    private readonly JsonNumber _limit;
    private readonly long? _integerLimit;

    private readonly string _comparison;
    private readonly bool _isMaximum;
    private readonly bool _isExclusive;

    /// <summary>Makes the rule.</summary>
    /// <param name="keyword">The keyword that is reported.</param>
    /// <param name="limit">The limit, a number.</param>
    /// <param name="isMaximum">True: values must not be greater; false: not smaller.</param>
    /// <param name="isExclusive">True if the limit itself is not allowed.</param>
    public LimitRule(string keyword, JsonTapeValue limit, bool isMaximum, bool isExclusive)
    {
        _keyword = keyword;
        _limitText = limit.ToString();
        _limit = JsonNumber.Parse(limit.Raw);
        _integerLimit = limit.TryGetInt64(out var value) ? value : null;
        _isExclusive = isExclusive;
        _isMaximum = isMaximum;
        _comparison = (isMaximum ? "<" : ">") + (isExclusive ? "" : "=");
    }

    public override bool IsValid(ref Evaluation run, int index)
    {
        if (_integerLimit is { } limit && run.TryGetInteger(index, out var value))
        {
            return IsAllowed(value.CompareTo(limit));
        }

        return IsAllowed(run.Number(index).CompareTo(_limit));
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var exclusive = _isExclusive ? "true" : "false";
        errors.Add(
            _keyword,
            $"{{\"comparison\":\"{_comparison}\",\"limit\":{_limitText},\"exclusive\":{exclusive}}}",
            $"should be {_comparison} {_limitText}");
    }

    /// <summary>Takes the result of comparing the value with the limit.</summary>
    private bool IsAllowed(int sign) => sign == 0 ? !_isExclusive : sign < 0 == _isMaximum;
}
