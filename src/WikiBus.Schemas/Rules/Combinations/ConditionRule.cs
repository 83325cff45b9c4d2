namespace WikiBus.Schemas.Rules.Combinations;

/// <summary><c>if</c> with <c>then</c> and <c>else</c>.</summary>
internal sealed class ConditionRule(SchemaNode condition, SchemaNode? whenMet, SchemaNode? otherwise) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => new[] { condition, whenMet, otherwise }.OfType<SchemaNode>();

    public override bool IsValid(ref Evaluation run, int index)
    {
        var consequence = condition.IsValid(ref run, index) ? whenMet : otherwise;
        return consequence is null || consequence.IsValid(ref run, index);
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        var isMet = condition.IsValid(ref run, index);
        if (isMet)
        {
            condition.Mark(ref run, index, evaluated);
        }

        (isMet ? whenMet : otherwise)?.Mark(ref run, index, evaluated);
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var isMet = condition.IsValid(ref run, index);
        var keyword = isMet ? "then" : "else";
        errors.Walk(ref run, (isMet ? whenMet : otherwise)!, index, keyword);
        errors.Add("if", $"{{\"failingKeyword\":\"{keyword}\"}}", $"should match \"{keyword}\" schema");
    }
}
