using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Admin;

/// <summary>
/// Listens to the instruments of the bus, the runtime and Kestrel's connections, and keeps their numbers for <c>GET
/// /metrics</c>. It listens from the start on: otherwise counters would begin at the first scrape. Safe for concurrent
/// use.
/// </summary>
internal sealed class MetricCollector : IDisposable
{
    private const string OwnMeter = "WikiBus";
    private const string RuntimeMeter = "System.Runtime";
    private const string KestrelMeter = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>Kestrel's other instruments cost time per connection, and repeat our own metrics.</summary>
    private const string KestrelInstrument = "kestrel.active_connections";

    private readonly IMeterFactory _meters;
    private readonly ConcurrentDictionary<Instrument, Metric> _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _collecting = new();
    private readonly ILogger<MetricCollector> _logger;
    private readonly RecentFaults _faults;

    public MetricCollector(IMeterFactory meters, TimeProvider time, ILogger<MetricCollector> logger)
    {
        _faults = new RecentFaults(time);
        _meters = meters;
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument))
            {
                var metric = _metrics.GetOrAdd(instrument, static key => new Metric(key));
                listener.EnableMeasurementEvents(instrument, metric);
            }
        };
        _listener.MeasurementsCompleted = (instrument, _) => _metrics.Remove(instrument, out Metric? _);
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    /// <summary>All current numbers, as text.</summary>
    public string Collect()
    {
        lock (_collecting)
        {
            Observe();
            return MetricText.Of(_metrics.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    // A number that cannot be read, such as one of a damaged log, must not hide the others.
    private void Observe()
    {
        // Otherwise a stream that is gone would be shown forever.
        foreach (var (_, metric) in _metrics.Where(static pair => pair.Key.IsObservable))
        {
            metric.Clear();
        }

        try
        {
            _listener.RecordObservableInstruments();
            _faults.Clear();
        }
        catch (AggregateException exception)
        {
            if (_faults.IsNew(exception.Message))
            {
                AdminDiagnostics.NotObserved(_logger, exception);
            }
        }
    }

    /// <summary>A meter with another scope belongs to another server in this process.</summary>
    private bool IsWanted(Instrument instrument) =>
        (instrument.Meter.Scope is null || instrument.Meter.Scope == _meters)
        && instrument.Meter.Name switch
        {
            KestrelMeter => instrument.Name == KestrelInstrument,
            RuntimeMeter => true,
            var name => name == OwnMeter || name.StartsWith(OwnMeter + ".", StringComparison.Ordinal),
        };

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((Metric)state!).Record(value, tags);
}
