namespace WikiBus.Schemas.Patterns;

/// <summary>The captures of a pattern: what <c>\1</c> and <c>\k</c> mean depends on them, also on later ones.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="HasNames">True if one has a name.</param>
internal readonly record struct PatternGroups(int Count, bool HasNames)
{
    public static PatternGroups In(string source)
    {
        var (count, hasNames, isInClass) = (0, false, false);
        for (var index = 0; index < source.Length; index++)
        {
            switch (source[index])
            {
                case '\\':
                    index++;
                    break;
                case '[':
                    isInClass = true;
                    break;
                case ']':
                    isInClass = false;
                    break;
                case '(' when !isInClass:
                    var rest = source.AsSpan(index + 1);
                    var isNamed = rest.StartsWith("?<") && !rest.StartsWith("?<=") && !rest.StartsWith("?<!");
                    hasNames |= isNamed;
                    count += isNamed || !rest.StartsWith("?") ? 1 : 0;
                    break;
            }
        }

        return new PatternGroups(count, hasNames);
    }
}
