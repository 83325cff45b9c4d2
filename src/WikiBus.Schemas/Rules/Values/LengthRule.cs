using WikiBus.Json.Scalars;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>minLength</c> and <c>maxLength</c>, in code points.</summary>
internal sealed class LengthRule(long limit, bool isMaximum) : SchemaRule
{
    /// <summary>The most bytes that one code point takes in a text: <c>\ud83d\ude00</c>.</summary>
    private const int BytesPerCodePointMax = 12;

    public override bool IsValid(ref Evaluation run, int index)
    {
        var raw = run.RawText(index);
        // Most texts can be told from their bytes, each code point taking from one to twelve.
        if (raw.Length <= limit && isMaximum)
        {
            return true;
        }

        if (raw.Length >= limit * BytesPerCodePointMax && !isMaximum)
        {
            return true;
        }

        var count = JsonText.CountCodePoints(raw, run.Tokens[index].IsPlain);
        return isMaximum ? count <= limit : count >= limit;
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors) => errors.Add(
        isMaximum ? "maxLength" : "minLength",
        $"{{\"limit\":{limit}}}",
        $"should NOT be {(isMaximum ? "longer" : "shorter")} than {limit} characters");
}
