namespace WikiBus.Schemas.Rules.Containers;

/// <summary><c>minItems</c>, <c>maxItems</c>, <c>minProperties</c> and <c>maxProperties</c>.</summary>
internal sealed class CountRule(string keyword, long limit, bool isMaximum, string noun) : SchemaRule
{
    public override bool IsValid(ref Evaluation run, int index)
    {
        var count = run.Node(index).Count;
        return isMaximum ? count <= limit : count >= limit;
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors) =>
        errors.Add(keyword, $"{{\"limit\":{limit}}}",
            $"should NOT have {(isMaximum ? "more" : "fewer")} than {limit} {noun}");
}
