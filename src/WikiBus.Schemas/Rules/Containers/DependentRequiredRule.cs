using System.Text;
using WikiBus.Json;

namespace WikiBus.Schemas.Rules.Containers;

/// <summary><c>dependentRequired</c>, or <c>dependencies</c> with names: a member that requires others.</summary>
internal sealed class DependentRequiredRule(string keyword, string trigger, string[] needed) : SchemaRule
{
    private readonly byte[] _trigger = Encoding.UTF8.GetBytes(trigger);
    private readonly byte[][] _needed = Array.ConvertAll(needed, Encoding.UTF8.GetBytes);

    public override bool IsValid(ref Evaluation run, int index)
    {
        var node = run.Node(index);
        if (node[_trigger].Kind == JsonKind.None)
        {
            return true;
        }

        foreach (var name in _needed)
        {
            if (node[name].Kind == JsonKind.None)
            {
                return false;
            }
        }
        return true;
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var all = string.Join(", ", needed);
        var noun = needed.Length == 1 ? "property" : "properties";
        for (var i = 0; i < needed.Length; i++)
        {
            if (run.Node(index)[_needed[i]].Kind != JsonKind.None)
            {
                continue;
            }

            var parameters = $"{{\"property\":{ErrorText.Quote(trigger)},"
                + $"\"missingProperty\":{ErrorText.Quote(needed[i])},"
                + $"\"depsCount\":{needed.Length},\"deps\":{ErrorText.Quote(all)}}}";
            errors.Add(keyword, parameters, $"should have {noun} {all} when property {trigger} is present");
        }
    }
}
