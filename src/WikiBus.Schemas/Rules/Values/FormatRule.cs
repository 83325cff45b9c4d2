using WikiBus.Schemas.Formats;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>format</c>, if it is checked.</summary>
internal sealed class FormatRule(string name, FormatCheck check) : StringRule
{
    protected override bool IsTextValid(ref Evaluation run, scoped ReadOnlySpan<byte> utf8) => check(utf8);

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors) =>
        errors.Add("format", $"{{\"format\":{ErrorText.Quote(name)}}}", $"should match format \"{name}\"");
}
