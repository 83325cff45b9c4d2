using WikiBus.Json;

namespace WikiBus.Schemas.Rules.Containers;

/// <summary>
/// Explains missing members without a schema. <see cref="PropertiesRule"/> checks all members and explains the others.
/// ajv reports these errors first.
/// </summary>
internal sealed class RequiredRule(PropertyEntry[] required) : SchemaRule
{
    public override bool IsExplanation => true;

    /// <summary>Never called for an explanation.</summary>
    public override bool IsValid(ref Evaluation run, int index) => true;

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        foreach (var entry in required)
        {
            if (entry.Schema is null or { IsEmpty: true } && run.Node(index)[entry.NameBytes].Kind == JsonKind.None)
            {
                AddMissing(errors, entry.Name);
            }
        }
    }

    public static void AddMissing(ErrorSink errors, string name) => errors.Add(
        "required", $"{{\"missingProperty\":{ErrorText.Quote(name)}}}", $"should have required property '{name}'");
}
