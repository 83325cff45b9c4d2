namespace WikiBus.Schemas.Rules.Combinations;

/// <summary>
/// <c>unevaluatedProperties</c> and <c>unevaluatedItems</c>: the parts that no other keyword of the schema evaluates.
/// It is the last rule.
/// </summary>
/// <param name="owner">The schema that has the keyword.</param>
/// <param name="schema">The schema for the unevaluated parts.</param>
/// <param name="isForObjects">True for properties, false for items.</param>
internal sealed class UnevaluatedRule(SchemaNode owner, SchemaNode schema, bool isForObjects) : SchemaRule
{
    public bool IsForObjects => isForObjects;

    public override bool IsValid(ref Evaluation run, int index) => FindInvalid(ref run, index) < 0;

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        var tokens = run.Tokens;
        for (int part = FirstOf(index), end = tokens[index].Next; part < end; part = After(ref run, part))
        {
            evaluated.Add(part);
        }
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var invalid = FindInvalid(ref run, index);
        if (invalid < 0)
        {
            return;
        }

        if (!isForObjects)
        {
            errors.Add("unevaluatedItems", "{}", "should NOT have unevaluated items");
            return;
        }
        var name = ErrorText.Quote(run.Node(invalid - 1).GetString());
        errors.Add("unevaluatedProperties", $"{{\"unevaluatedProperty\":{name}}}",
            "should NOT have unevaluated properties");
    }

    private int FindInvalid(ref Evaluation run, int index)
    {
        var evaluated = new HashSet<int>();
        owner.Mark(ref run, index, evaluated, except: this);
        var tokens = run.Tokens;
        for (int part = FirstOf(index), end = tokens[index].Next; part < end; part = After(ref run, part))
        {
            if (!evaluated.Contains(part) && !schema.IsValid(ref run, part))
            {
                return part;
            }
        }
        return -1;
    }

    /// <summary>The token of the first value; a member's name comes before its value.</summary>
    private int FirstOf(int container) => container + (isForObjects ? 2 : 1);

    private int After(ref Evaluation run, int part) => run.Tokens[part].Next + (isForObjects ? 1 : 0);
}
