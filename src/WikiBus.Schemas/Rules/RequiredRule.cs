namespace WikiBus.Schemas.Rules;

/// <summary>Explains missing members that <see cref="PropertiesRule"/> does not, having no schema for them; it is that rule that checks all.</summary>
internal sealed class RequiredRule(PropertyEntry[] required) : SchemaRule
{
    public override bool IsExplanation => true;

    public override bool IsValid(ref Evaluation run, int index)
    {
        foreach (var entry in required)
        {
            if (IsMissing(ref run, index, entry))
                return false;
        }
        return true;
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        foreach (var entry in required)
        {
            // Asked here and not by the compiler: schemas of members are empty until they are filled.
            if (entry.Schema is null or { IsEmpty: true } && IsMissing(ref run, index, entry))
                AddMissing(errors, entry.Name);
        }
    }

    private static bool IsMissing(ref Evaluation run, int index, PropertyEntry entry) =>
        run.Node(index)[entry.NameBytes].Kind == JsonKind.None;

    public static void AddMissing(ErrorSink errors, string name) => errors.Add(
        "required", $"{{\"missingProperty\":{ErrorText.Quote(name)}}}", $"should have required property '{name}'");
}
