using WikiBus.Server.Spelling;

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
    /// The parameters that mean the same as the header <c>Last-Event-ID</c>: ours, and those of EventSource polyfills.
    /// Their case does not matter.
    /// </summary>
    public static readonly string[] LastEventId = ["Last-Event-ID", "lastEventId", "evs_last_event_id"];

    private static readonly string[] s_known =
        ["since", "until", "filter", "fields", "channel", "canary", "apikey", .. LastEventId];

    /// <summary>The first name that is not known but resembles a known one; null: there is none.</summary>
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

    /// <summary>The distance, ignoring case; a number above the maximum is only a lower bound.</summary>
    private static int Mistakes(string given, string known)
    {
        var difference = Math.Abs(given.Length - known.Length);
        return difference > MistakesMax
            ? difference
            : EditDistance.Between(given.ToUpperInvariant(), known.ToUpperInvariant());
    }
}
