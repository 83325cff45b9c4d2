using System.Text;

namespace WikiBus.Schemas.Rules;

/// <summary>Explains missing members that <see cref="PropertiesRule"/> does not, having no schema for them; it is that rule that checks all.</summary>
internal sealed class RequiredRule(string[] names) : SchemaRule
{
    public override bool IsExplanation => true;

    public override bool IsValid(ref Evaluation run, int index)
    {
        foreach (var name in names)
        {
            if (run.Node(index)[Encoding.UTF8.GetBytes(name)].Kind == JsonKind.None)
                return false;
        }
        return true;
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        foreach (var name in names)
        {
            if (run.Node(index)[Encoding.UTF8.GetBytes(name)].Kind == JsonKind.None)
                AddMissing(errors, name);
        }
    }

    public static void AddMissing(ErrorSink errors, string name) => errors.Add(
        "required", $"{{\"missingProperty\":{ErrorText.Quote(name)}}}", $"should have required property '{name}'");
}
