namespace WikiBus.Schemas.Rules.Combinations;

/// <summary>A keyword that leads to another node, which may be in another resource.</summary>
/// <param name="reference">The keyword's value.</param>
internal abstract class ScopedRule(string reference) : SchemaRule
{
    public sealed override bool IsValid(ref Evaluation run, int index)
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

    public sealed override void Explain(ref Evaluation run, int index, ErrorSink errors)
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

    public sealed override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
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

    /// <summary>The node that the keyword leads to in this run.</summary>
    protected abstract SchemaNode Resolve(ref Evaluation run);
}
