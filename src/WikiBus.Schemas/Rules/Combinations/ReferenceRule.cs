namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>$ref</c>.</summary>
internal sealed class ReferenceRule(SchemaNode target, string reference) : ScopedRule(reference)
{
    public override SchemaNode? Target => target;

    public override IEnumerable<SchemaNode> InPlace => [target];

    public override IEnumerable<SchemaNode> Defaulting => [target];

    public override void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults) =>
        target.CollectDefaults(ref run, index, defaults);

    protected override SchemaNode Resolve(ref Evaluation run) => target;
}
