namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOfRule(SchemaNode[] branches) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => branches;

    public override IEnumerable<SchemaNode> Defaulting => branches;

    public override bool IsValid(ref Evaluation run, int index)
    {
        foreach (var branch in branches)
        {
            if (!branch.IsValid(ref run, index))
            {
                return false;
            }
        }
        return true;
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        for (var i = 0; i < branches.Length; i++)
        {
            errors.Walk(ref run, branches[i], index, $"allOf/{i}");
        }
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        foreach (var branch in branches)
        {
            branch.Mark(ref run, index, evaluated);
        }
    }

    public override void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults)
    {
        foreach (var branch in branches)
        {
            branch.CollectDefaults(ref run, index, defaults);
        }
    }
}
