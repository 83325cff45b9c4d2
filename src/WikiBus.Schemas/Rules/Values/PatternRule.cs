using WikiBus.Schemas.Patterns;

namespace WikiBus.Schemas.Rules.Values;

/// <summary><c>pattern</c>.</summary>
/// <param name="source">The pattern's text in the schema.</param>
/// <param name="pattern">The compiled pattern.</param>
/// <param name="lengthMax">The <c>maxLength</c> beside it: longer texts are invalid anyway and are not
/// matched.</param>
internal sealed class PatternRule(string source, EcmaPattern pattern, long? lengthMax) : StringRule
{
    private readonly long _bytesMax = lengthMax is { } length and < int.MaxValue ? length * 4 : long.MaxValue;

    protected override bool IsTextValid(ref Evaluation run, scoped ReadOnlySpan<byte> utf8) =>
        utf8.Length <= _bytesMax && run.IsMatch(pattern, utf8);

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var quoted = ErrorText.Quote(source);
        errors.Add("pattern", $"{{\"pattern\":{quoted}}}", $"should match pattern \"{source}\"");
    }
}
