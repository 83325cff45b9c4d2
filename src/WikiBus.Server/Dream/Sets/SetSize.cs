namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// How much sets may add to the combined set. It has one subscription for each pair of a channel and a resource, which
/// repeats the recipients. So a short set could make it very large.
/// </summary>
/// <param name="PairsMax">Most pairs; a resource that is missing counts as one.</param>
/// <param name="RecipientCharsMax">Most characters of the recipients of all pairs.</param>
internal sealed record SetSize(int PairsMax, int RecipientCharsMax)
{
    /// <summary>All sets of a key.</summary>
    public static readonly SetSize OfKey = new(10_000, 4 << 20);

    /// <summary>All sets of a key that may chain, or a set of the configuration: combined sets of services.</summary>
    public static readonly SetSize OfService = new(SetReader.SubscriptionsMax, 16 << 20);

    /// <summary>Have the sets at most so much?</summary>
    public bool Includes(IEnumerable<SubscriptionSet> sets)
    {
        var (pairs, chars) = (0L, 0L);
        foreach (var one in sets.SelectMany(static set => set.Subscriptions))
        {
            var count = (long)one.Channels.Count * Math.Max(1, one.Resources.Count);
            pairs += count;
            chars += count * one.Recipients.Sum(static recipient => (long)recipient.Xml.Length);
        }

        return pairs <= PairsMax && chars <= RecipientCharsMax;
    }
}
