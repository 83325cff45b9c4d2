using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace WikiBus.Server.Admin;

/// <summary>
/// One instrument in Prometheus's form: its name, and its numbers by labels. Safe for concurrent use.
/// </summary>
internal sealed class Metric
{
    /// <summary>
    /// Most label sets of one metric; further ones are counted under <see cref="OverflowLabels"/>.
    /// </summary>
    private const int SeriesCountMax = 12_000;

    private const string OverflowLabels = "overflow=\"true\"";

    private static readonly double[] s_durationBounds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly double[] _bounds;
    private volatile MetricSeries? _withoutLabels;

    // Most measurements of an instrument have the same tags as the one before, which are not formatted again.
    private volatile RecentSeries? _recent;

    public Metric(Instrument instrument)
    {
        Kind = KindOf(instrument);
        Name = MetricName.Of(instrument, Kind);
        Description = instrument.Description ?? "";
        _bounds = Kind != MetricKind.Histogram ? []
            : (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? s_durationBounds;
    }

    public string Name { get; }

    public string Description { get; }

    public MetricKind Kind { get; }

    public IEnumerable<MetricSeries> Series =>
        _series.Values.OrderBy(static series => series.Labels, StringComparer.Ordinal);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = tags.IsEmpty ? _withoutLabels ??= Find("") : Find(tags);
        switch (Kind)
        {
            case MetricKind.Counter or MetricKind.UpDownCounter:
                series.Add(value);
                break;
            case MetricKind.Histogram:
                series.Observe(value);
                break;
            default:
                series.Set(value);
                break;
        }
    }

    /// <summary>
    /// Forgets numbers that are observed anew each time, so that a stream that is gone is no longer shown.
    /// </summary>
    public void ForgetObservations(bool isObservable)
    {
        if (isObservable)
        {
            _withoutLabels = null;
            _recent = null;
            _series.Clear();
        }
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_recent is { } recent && recent.Has(tags))
        {
            return recent.Series;
        }

        var series = Find(MetricText.Labels(tags));
        _recent = new RecentSeries(tags.ToArray(), series);
        return series;
    }

    private MetricSeries Find(string labels)
    {
        if (_series.TryGetValue(labels, out var found))
        {
            return found;
        }

        var bounded = _series.Count < SeriesCountMax ? labels : OverflowLabels;
        return _series.GetOrAdd(bounded, static (key, bounds) => new MetricSeries(key, bounds), _bounds);
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type switch
        {
            _ when type.StartsWith("Histogram", StringComparison.Ordinal) => MetricKind.Histogram,
            _ when type.StartsWith("Counter", StringComparison.Ordinal) => MetricKind.Counter,
            _ when type.StartsWith("UpDownCounter", StringComparison.Ordinal) => MetricKind.UpDownCounter,
            _ when type.StartsWith("ObservableCounter", StringComparison.Ordinal) => MetricKind.ObservedCounter,
            _ => MetricKind.Gauge,
        };
    }
}
