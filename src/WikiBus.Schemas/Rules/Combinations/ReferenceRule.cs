namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>$ref</c>.</summary>
internal sealed class ReferenceRule(SchemaNode target, string reference) : SchemaRule
{
    public override SchemaNode? Target => target;

    public override IEnumerable<SchemaNode> InPlace => [target];

    public override IEnumerable<SchemaNode> Defaulting => [target];

    public override bool IsValid(ref Evaluation run, int index)
    {
        if (!run.TryDescend())
        {
            return false;
        }

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

        run.EnterScope(target.Resource);
        target.Mark(ref run, index, evaluated);
        run.LeaveScope();
    }

    public override void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults) =>
        target.CollectDefaults(ref run, index, defaults);
}
