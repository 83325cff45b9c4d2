using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>$dynamicRef</c>: leads to the outermost resource in the dynamic scope that has the anchor.</summary>
internal sealed class DynamicReferenceRule(string reference, string anchor, SchemaNode initial)
    : ScopedRule(reference)
{
    /// <summary>The node of the anchor in each resource; the compiler fills it when it knows all resources.</summary>
    public Dictionary<SchemaResource, SchemaNode> Targets { get; } = [];

    public string Anchor => anchor;

    protected override SchemaNode Resolve(ref Evaluation run)
    {
        foreach (var resource in run.Scopes)
        {
            if (Targets.TryGetValue(resource, out var target))
            {
                return target;
            }
        }

        return initial;
    }
}
