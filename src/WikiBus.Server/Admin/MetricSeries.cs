namespace WikiBus.Server.Admin;

/// <summary>The numbers of one instrument for one set of labels. Safe for concurrent use.</summary>
/// <param name="labels">The labels as text, without braces; empty: none.</param>
/// <param name="bounds">Upper bounds of a histogram's buckets; empty for other kinds.</param>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;

    public string Labels => labels;

    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>The sum of a counter or histogram, the last value of a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        double before;
        do
        {
            before = Volatile.Read(ref _value);
        }
        while (Interlocked.CompareExchange(ref _value, before + value, before) != before);
    }

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
    }

    /// <summary>The number of observations in each bucket; the last bucket has no upper bound.</summary>
    public long[] Buckets() =>
        [.. Enumerable.Range(0, _buckets.Length).Select(index => Interlocked.Read(ref _buckets[index]))];
}
