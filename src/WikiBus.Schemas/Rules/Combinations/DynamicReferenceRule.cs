using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>$dynamicRef</c>: leads to the outermost resource in the dynamic scope that has the anchor.</summary>
internal sealed class DynamicReferenceRule(string reference, string anchor, SchemaNode initial) : SchemaRule
{
    /// <summary>The node of the anchor in each resource; the compiler fills it when it knows all resources.</summary>
    public Dictionary<SchemaResource, SchemaNode> Targets { get; } = [];

    public string Anchor => anchor;

    public override bool IsValid(ref Evaluation run, int index)
    {
        if (!run.TryDescend())
        {
            return false;
        }

        var target = Resolve(ref run);
        run.EnterScope(target.Resource);
        var isValid = target.IsValid(ref run, index);
        run.LeaveScope();
        return isValid;
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        if (!run.TryDescend())
        {
            return;
        }

        var target = Resolve(ref run);
        run.EnterScope(target.Resource);
        errors.WalkReference(ref run, target, index, reference);
        run.LeaveScope();
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        if (!run.TryDescend())
        {
            return;
        }

        var target = Resolve(ref run);
        run.EnterScope(target.Resource);
        target.Mark(ref run, index, evaluated);
        run.LeaveScope();
    }

    private SchemaNode Resolve(ref Evaluation run)
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
