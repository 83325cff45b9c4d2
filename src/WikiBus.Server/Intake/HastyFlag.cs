namespace WikiBus.Server.Intake;

/// <summary>
/// Reads the query parameter <c>hasty</c> by the rules of EventGate's web framework. Any value that is not empty sets
/// it: also <c>hasty=false</c>, <c>hasty=&amp;hasty=</c> (a list) and <c>hasty[a]=</c> (a map).
/// </summary>
internal static class HastyFlag
{
    private const string Name = "hasty";

    // The framework ignores further ones.
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

    // A name with a closing bracket before an equals sign ends there, even if it contains other equals signs.
    private static int EqualsSign(ReadOnlySpan<char> parameter)
    {
        var bracket = parameter.IndexOf("]=");
        return bracket < 0 ? parameter.IndexOf('=') : bracket + 1;
    }

    // The first pair of brackets without a bracket inside holds a member. An open bracket is part of the name.
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
