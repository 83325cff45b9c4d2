namespace WikiBus.Server.Streaming.Requests;

/// <summary>
/// The query parameters of a request for streams. Clients add others, so that no cache answers; those are ignored. A
/// mistyped one must not be ignored: the client would get events that it did not ask for.
/// </summary>
internal static class ParameterNames
{
    /// <summary>A name with this many mistakes is still taken for a known one.</summary>
    private const int MistakesMax = 2;

    /// <summary>
    /// The parameters that stand for the header <c>Last-Event-ID</c>: ours, and those of EventSource polyfills. Their
    /// case does not matter.
    /// </summary>
    public static readonly string[] LastEventId = ["Last-Event-ID", "lastEventId", "evs_last_event_id"];

    private static readonly string[] s_known =
        ["since", "until", "filter", "fields", "channel", "canary", "apikey", .. LastEventId];

    /// <summary>The first name that resembles a known one and is none; null if there is no such name.</summary>
    public static (string Given, string Known)? FindMistyped(IQueryCollection query)
    {
        foreach (var given in query.Keys)
        {
            var known = s_known.MinBy(known => Mistakes(given, known))!;
            if (Mistakes(given, known) is > 0 and <= MistakesMax)
            {
                return (given, known);
            }
        }

        return null;
    }

    /// <summary>
    /// How many letters have to be inserted, deleted, replaced or swapped with their neighbour, each at most once;
    /// ignoring case. Every number above the maximum may be returned as the maximum plus one.
    /// </summary>
    private static int Mistakes(string given, string known)
    {
        if (Math.Abs(given.Length - known.Length) > MistakesMax)
        {
            return MistakesMax + 1;
        }

        var (left, right) = (given.ToUpperInvariant(), known.ToUpperInvariant());
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                    table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];
    }
}
