namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// How much sets add to the combined set. It has one subscription for each pair of a channel and a resource, which
/// repeats the recipients. So a short set could make it very large.
/// </summary>
internal static class SetSize
{
    /// <summary>Most pairs; a resource that is missing counts as one.</summary>
    public const int PairsMax = SetReader.SubscriptionsMax;

    /// <summary>Most characters of the recipients of all pairs.</summary>
    public const int RecipientCharsMax = 4 << 20;

    /// <summary>What is too much in sets that are of one key, or in one set; null: nothing.</summary>
    public static string? FindFault(IEnumerable<SubscriptionSet> sets)
    {
        var (pairs, chars) = (0L, 0L);
        foreach (var one in sets.SelectMany(static set => set.Subscriptions))
        {
            var count = (long)one.Channels.Count * Math.Max(1, one.Resources.Count);
            pairs += count;
            chars += count * one.Recipients.Sum(static recipient => (long)recipient.Xml.Length);
        }

        return pairs > PairsMax ? $"{pairs} pairs of channel and resource are too many; {PairsMax} are allowed"
            : chars > RecipientCharsMax
                ? $"the recipients of all pairs of channel and resource have {chars} characters; "
                    + $"{RecipientCharsMax} are allowed"
            : null;
    }
}
