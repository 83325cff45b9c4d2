namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>anyOf</c>.</summary>
internal sealed class AnyOfRule(SchemaNode[] branches) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => branches;

    public override bool IsValid(ref Evaluation run, int index)
    {
        foreach (var branch in branches)
        {
            if (branch.IsValid(ref run, index))
            {
                return true;
            }
        }
        return false;
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        foreach (var branch in branches)
        {
            if (branch.IsValid(ref run, index))
            {
                branch.Mark(ref run, index, evaluated);
            }
        }
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        for (var i = 0; i < branches.Length; i++)
        {
            errors.Walk(ref run, branches[i], index, $"anyOf/{i}");
        }

        errors.Add("anyOf", "{}", "should match some schema in anyOf");
    }
}
