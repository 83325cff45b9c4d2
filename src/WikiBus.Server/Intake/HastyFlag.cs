namespace WikiBus.Server.Intake;

/// <summary>
/// Reads the query parameter <c>hasty</c> by the rules of EventGate's web framework: any value that is not empty
/// counts, so do <c>hasty=false</c>, <c>hasty=&amp;hasty=</c> (a list) and <c>hasty[a]=</c> (a map).
/// </summary>
internal static class HastyFlag
{
    private const string Name = "hasty";

    // The framework looks at no more of them.
    private const int ParametersMax = 1000;

    /// <param name="query">The query with its question mark, as it came.</param>
    public static bool IsSet(string query)
    {
        if (query.Length <= Name.Length)
        {
            return false;
        }

        var count = 0;
        var parameters = query.AsSpan(1).Split('&');
        for (var number = 0; number < ParametersMax && parameters.MoveNext(); number++)
        {
            var parameter = query.AsSpan(1)[parameters.Current];
            var equals = EqualsSign(parameter);
            var name = Decode(equals < 0 ? parameter : parameter[..equals]);
            if (IsMember(name))
            {
                return true;
            }

            if (name is Name or "[" + Name + "]" &&
                (++count > 1 || (equals >= 0 && equals < parameter.Length - 1)))
            {
                return true;
            }
        }

        return false;
    }

    // A name that ends with a bracket ends there, whatever equals signs it holds.
    private static int EqualsSign(ReadOnlySpan<char> parameter)
    {
        var bracket = parameter.IndexOf("]=");
        return bracket < 0 ? parameter.IndexOf('=') : bracket + 1;
    }

    // The first pair of brackets without one inside parts a name from its members; an open one belongs to the name.
    private static bool IsMember(string name)
    {
        if (!name.StartsWith(Name + "[", StringComparison.Ordinal))
        {
            return false;
        }

        var next = name.AsSpan(Name.Length + 1).IndexOfAny('[', ']');
        return next >= 0 && name[Name.Length + 1 + next] == ']';
    }

    private static string Decode(ReadOnlySpan<char> name) => Uri.UnescapeDataString(name.ToString());
}
