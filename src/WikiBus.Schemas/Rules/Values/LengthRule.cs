using WikiBus.Json.Scalars;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>minLength</c> and <c>maxLength</c>, in code points.</summary>
internal sealed class LengthRule(long limit, bool isMaximum) : SchemaRule
{
    /// <summary>Most bytes of one code point in a text: <c>\ud83d\ude00</c>.</summary>
    private const int BytesPerCodePointMax = 12;

    public override bool IsValid(ref Evaluation run, int index)
    {
        var raw = run.RawText(index);
        // The number of bytes decides for most texts: a code point takes 1 to 12.
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
