namespace WikiBus.Server.Intake;

/// <summary>
/// Reads the query parameter <c>hasty</c> by the rules of EventGate's web framework: any value that is not empty
/// counts, so do <c>hasty=false</c>, <c>hasty=&amp;hasty=</c> (a list) and <c>hasty[a]=</c> (a map).
/// </summary>
internal static class HastyFlag
{
    private const string Name = "hasty";

    /// <param name="query">The query with its question mark, as it came.</param>
    public static bool IsSet(string query)
    {
        if (query.Length <= Name.Length)
        {
            return false;
        }

        var count = 0;
        foreach (var range in query.AsSpan(1).Split('&'))
        {
            var parameter = query.AsSpan(1)[range];
            var equals = parameter.IndexOf('=');
            var name = Decode(equals < 0 ? parameter : parameter[..equals]);
            if (name.StartsWith(Name + "[", StringComparison.Ordinal))
            {
                return true;
            }

            if (name.Equals(Name, StringComparison.Ordinal) &&
                (++count > 1 || (equals >= 0 && equals < parameter.Length - 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Decode(ReadOnlySpan<char> name) => Uri.UnescapeDataString(name.ToString());
}
