using System.Globalization;

namespace WikiBus.Schemas.Rules.Containers;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
/// <param name="wanted">The schema that elements must match.</param>
/// <param name="countMin">Least number of such elements.</param>
/// <param name="countMax">Most such elements; null for any number.</param>
/// <param name="marks">True if these elements count as evaluated, as since 2020-12.</param>
internal sealed class ContainsRule(SchemaNode wanted, long countMin, long? countMax, bool marks) : SchemaRule
{
    public override bool IsValid(ref Evaluation run, int index)
    {
        var tokens = run.Tokens;
        var count = 0L;
        for (int element = index + 1, end = tokens[index].Next; element < end; element = tokens[element].Next)
        {
            if (!wanted.IsValid(ref run, element))
            {
                continue;
            }

            count++;
            if (countMax is null && count >= countMin)
            {
                return true;
            }

            if (count > countMax)
            {
                return false;
            }
        }
        return count >= countMin;
    }

    public override void Mark(ref Evaluation run, int index, HashSet<int> evaluated)
    {
        var tokens = run.Tokens;
        for (int element = index + 1, end = tokens[index].Next; marks && element < end; element = tokens[element].Next)
        {
            if (wanted.IsValid(ref run, element))
            {
                evaluated.Add(element);
            }
        }
    }

    protected override void AddError(ref Evaluation run, int index, ErrorSink errors)
    {
        var tokens = run.Tokens;
        var position = 0;
        for (int element = index + 1, end = tokens[index].Next;
            element < end && !errors.IsFull;
            element = tokens[element].Next, position++)
        {
            errors.Walk(ref run, wanted, element, "contains", ErrorText.ElementStep(position));
        }

        if (countMin == 1 && countMax is null)
        {
            errors.Add("contains", "{}", "should contain a valid item");
        }
        else
        {
            errors.Add("contains", ParametersOf(), $"should contain {Bounds()} valid items");
        }
    }

    private string Bounds() => countMax is null
        ? string.Create(CultureInfo.InvariantCulture, $"at least {countMin}")
        : string.Create(CultureInfo.InvariantCulture, $"at least {countMin} and at most {countMax}");

    private string ParametersOf() => countMax is null
        ? $"{{\"minContains\":{countMin}}}"
        : $"{{\"minContains\":{countMin},\"maxContains\":{countMax}}}";
}
