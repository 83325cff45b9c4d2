namespace WikiBus.Server.Admin;

/// <summary>The numbers that a measurement with these tags belongs to. Immutable.</summary>
internal sealed class RecentSeries(KeyValuePair<string, object?>[] tags, MetricSeries series)
{
    public MetricSeries Series => series;

    /// <summary>Are these the same tags, in the same order?</summary>
    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (tags.Length != others.Length)
        {
            return false;
        }

        for (var index = 0; index < tags.Length; index++)
        {
            if (tags[index].Key != others[index].Key || !Equals(tags[index].Value, others[index].Value))
            {
                return false;
            }
        }

        return true;
    }
}
