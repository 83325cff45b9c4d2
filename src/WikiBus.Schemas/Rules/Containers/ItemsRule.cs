namespace WikiBus.Schemas.Rules.Containers;

/// <summary>
/// The first elements by their positions, the others by one schema: <c>items</c> with <c>additionalItems</c>, or
/// <c>prefixItems</c> with <c>items</c>.
/// </summary>
/// <param name="first">The schemas of the first elements.</param>
/// <param name="rest">The schema of the others; null when there is none.</param>
/// <param name="firstPlace">The keyword of the first elements.</param>
/// <param name="restPlace">The keyword of the others.</param>
internal sealed class ItemsRule(SchemaNode[] first, SchemaNode? rest, string firstPlace, string restPlace) : SchemaRule
{
    public override IEnumerable<SchemaNode> Defaulting => rest is null ? first : [.. first, rest];

    public override bool IsValid(ref Evaluation run, int index)
    {
        var tokens = run.Tokens;
        var position = 0;
        for (int element = index + 1, end = tokens[index].Next;
            element < end;
            element = tokens[element].Next, position++)
        {
            var schema = position < first.Length ? first[position] : rest;
            if (schema is not null && !schema.IsValid(ref run, element))
            {
                return false;
            }
        }
        return true;
    }

    public override void Explain(ref Evaluation run, int index, ErrorSink errors)
    {
        var count = run.Node(index).Count;
        if (rest is { IsFalse: true } && first.Length > 0 && count > first.Length)
        {
            errors.Add(restPlace, $"{{\"limit\":{first.Length}}}", $"should NOT have more than {first.Length} items");
        }

        var tokens = run.Tokens;
        var position = 0;
        for (int element = index + 1, end = tokens[index].Next;
            element < end && !errors.IsFull;
            element = tokens[element].Next, position++)
        {
            var step = ErrorText.ElementStep(position);
            if (position < first.Length)
            {
                errors.Walk(ref run, first[position], element, $"{firstPlace}/{position}", step);
            }
            else if (rest is not null && (!rest.IsFalse || first.Length == 0))
            {
                errors.Walk(ref run, rest, element, restPlace, step);
            }
        }
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        var tokens = run.Tokens;
        var position = 0;
        for (int element = index + 1, end = tokens[index].Next;
            element < end;
            element = tokens[element].Next, position++)
        {
            if (position < first.Length || rest is not null)
            {
                evaluated.Add(element);
            }
        }
    }

    public override void CollectDefaults(ref Evaluation run, int index, DefaultCollector defaults)
    {
        var tokens = run.Tokens;
        var position = 0;
        for (int element = index + 1, end = tokens[index].Next;
            element < end;
            element = tokens[element].Next, position++)
        {
            (position < first.Length ? first[position] : rest)?.CollectDefaults(ref run, element, defaults);
        }
    }
}
