using WikiBus.Json;

namespace WikiBus.Schemas.Rules.Containers;

/// <summary><c>uniqueItems</c>. Short arrays are compared pair by pair, long ones by hashes.</summary>
/// <param name="areScalars">True if the schema allows only scalars: ajv then names the pair in the other
/// order.</param>
internal sealed class UniqueItemsRule(bool areScalars) : SchemaRule
{
    private const int ElementsComparedMax = 8;

    public override bool IsValid(ref Evaluation run, int index)
    {
        var tokens = run.Tokens;
        Span<int> elements = stackalloc int[ElementsComparedMax];
        var count = 0;
        for (int element = index + 1, end = tokens[index].Next; element < end; element = tokens[element].Next)
        {
            if (count == ElementsComparedMax)
            {
                return FindPair(run.Node(index)) is null;
            }

            foreach (var other in elements[..count])
            {
                if (JsonEquality.Instance.Equals(run.Node(other), run.Node(element)))
                {
                    return false;
                }
            }
            elements[count++] = element;
        }
        return true;
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var (later, earlier) = FindPair(run.Node(index)) ?? default;
        var (i, j) = areScalars ? (earlier, later) : (later, earlier);
        errors.Add("uniqueItems", $"{{\"i\":{i},\"j\":{j}}}",
            $"should NOT have duplicate items (items ## {j} and {i} are identical)");
    }

    /// <summary>The last element that repeats an earlier one, and that one; null when all differ.</summary>
    private static (int Later, int Earlier)? FindPair(JsonTapeValue array)
    {
        var seen = new Dictionary<JsonTapeValue, int>(JsonEquality.Instance);
        (int Later, int Earlier)? pair = null;
        var position = 0;
        foreach (var element in array)
        {
            if (seen.TryGetValue(element, out var earlier))
            {
                pair = (position, earlier);
            }

            seen[element] = position++;
        }
        return pair;
    }
}
