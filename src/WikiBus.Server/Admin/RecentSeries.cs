namespace WikiBus.Server.Admin;

/// <summary>The series of the measurements with these tags. Immutable.</summary>
internal sealed class RecentSeries(KeyValuePair<string, object?>[] tags, MetricSeries series)
{
    public MetricSeries Series => series;

    /// <summary>True if these are the same tags, in the same order.</summary>
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
