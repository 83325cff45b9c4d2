using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace WikiBus.Server.Admin;

/// <summary>
/// One instrument in Prometheus's form: its name, and its numbers by labels. Safe for concurrent use.
/// </summary>
internal sealed class Metric
{
    /// <summary>Most label sets of one metric; further ones are counted under <see cref="s_overflow"/>.</summary>
    private const int SeriesCountMax = 12_000;

    private static readonly Tag[] s_overflow = [new("overflow", "true")];

    private static readonly double[] s_durationBounds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<Tag[], MetricSeries> _series = new(TagsComparer.Instance);
    private readonly ConcurrentDictionary<Tag[], MetricSeries>.AlternateLookup<ReadOnlySpan<Tag>> _seriesByTags;
    private readonly double[] _bounds;

    public Metric(Instrument instrument)
    {
        _seriesByTags = _series.GetAlternateLookup<ReadOnlySpan<Tag>>();
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

    public void Record(double value, ReadOnlySpan<Tag> tags)
    {
        var series = _seriesByTags.TryGetValue(tags, out var found) ? found : Add(tags.ToArray());
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

    /// <summary>Forgets all numbers.</summary>
    public void Clear() => _series.Clear();

    private MetricSeries Add(Tag[] tags) => _series.GetOrAdd(
        _series.Count < SeriesCountMax ? tags : s_overflow,
        static (key, bounds) => new MetricSeries(MetricText.Labels(key), bounds), _bounds);

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
