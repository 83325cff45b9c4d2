using System.Globalization;

namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>oneOf</c>.</summary>
internal sealed class OneOfRule(SchemaNode[] branches) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => branches;

    public override bool IsValid(ref Evaluation run, int index) => FindMatches(ref run, index) is ( >= 0, < 0);

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        if (FindMatches(ref run, index).First is var match and >= 0)
        {
            branches[match].Mark(ref run, index, evaluated);
        }
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        for (var i = 0; i < branches.Length; i++)
        {
            if (!branches[i].IsValid(ref run, index))
            {
                errors.Walk(ref run, branches[i], index, $"oneOf/{i}");
            }
        }
        var (first, second) = FindMatches(ref run, index);
        var passing = first < 0 ? "null" : string.Create(CultureInfo.InvariantCulture, $"[{first},{second}]");
        errors.Add("oneOf", $"{{\"passingSchemas\":{passing}}}", "should match exactly one schema in oneOf");
    }

    /// <summary>The first two branches that match; -1 for none.</summary>
    private (int First, int Second) FindMatches(ref Evaluation run, int index)
    {
        var first = -1;
        for (var i = 0; i < branches.Length; i++)
        {
            if (!branches[i].IsValid(ref run, index))
            {
                continue;
            }

            if (first >= 0)
            {
                return (first, i);
            }

            first = i;
        }
        return (first, -1);
    }
}
