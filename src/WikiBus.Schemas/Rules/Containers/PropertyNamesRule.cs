namespace WikiBus.Schemas.Rules.Containers;

/// <summary><c>propertyNames</c>. A name has a string's token, so it is validated like a value.</summary>
internal sealed class PropertyNamesRule(SchemaNode schema) : SchemaRule
{
    public override bool IsValid(ref Evaluation run, int index)
    {
        var tokens = run.Tokens;
        for (int name = index + 1, end = tokens[index].Next; name < end; name = tokens[name + 1].Next)
        {
            if (!schema.IsValid(ref run, name))
            {
                return false;
            }
        }
        return true;
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        var tokens = run.Tokens;
        for (int name = index + 1, end = tokens[index].Next; name < end && !errors.IsFull; name = tokens[name + 1].Next)
        {
            if (schema.IsValid(ref run, name))
            {
                continue;
            }

            var text = run.Node(name).GetString();
            errors.PropertyName = text;
            errors.Walk(ref run, schema, name, "propertyNames");
            errors.PropertyName = null;
            errors.Add("propertyNames", $"{{\"propertyName\":{ErrorText.Quote(text)}}}",
                $"property name '{text}' is invalid");
        }
    }
}
