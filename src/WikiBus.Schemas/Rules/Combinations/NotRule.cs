namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>not</c>.</summary>
internal sealed class NotRule(SchemaNode excluded) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => [excluded];

    public override bool IsValid(ref Evaluation run, int index) => !excluded.IsValid(ref run, index);

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors) =>
        errors.Add("not", "{}", "should NOT be valid");
}
