using WikiBus.Json;
using WikiBus.Json.Scalars;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>multipleOf</c>, exact in decimal: 0.3 is a multiple of 0.1.</summary>
internal sealed class MultipleOfRule(JsonTapeValue divisor) : SchemaRule
{
    private readonly string _text = divisor.ToString();
    private readonly JsonNumber _divisor = JsonNumber.Parse(divisor.Raw);
    private readonly long _integerDivisor = divisor.TryGetInt64(out var value) ? value : 0;

    public override bool IsValid(ref Evaluation run, int index)
    {
        if (_integerDivisor > 0 && run.TryGetInteger(index, out var value))
        {
            return value % _integerDivisor == 0;
        }

        return run.Number(index).IsMultipleOf(_divisor);
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors) =>
        errors.Add("multipleOf", $"{{\"multipleOf\":{_text}}}", $"should be multiple of {_text}");
}
