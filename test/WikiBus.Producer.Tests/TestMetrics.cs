using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.Producer.Tests;

/// <summary>What the meter of one producer counted.</summary>
internal sealed class TestMetrics : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _values = new();
    private Meter? _meter;

    public void Register(IServiceCollection services) => services.AddSingleton<IMeterFactory>(this);

    public double Sum(string name, string? tag = null, object? value = null) => _values
        .Where(item => item.Name == name && (tag is null || Equals(item.Tags.GetValueOrDefault(tag), value)))
        .Sum(item => item.Value);

    /// <summary>What gauges show now, by service.</summary>
    public Dictionary<string, double> Observe(string name)
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values.Where(item => item.Name == name)
            .ToDictionary(item => (string)item.Tags["service"]!, item => item.Value, StringComparer.Ordinal);
    }

    public Meter Create(MeterOptions options)
    {
        _meter = new Meter(options);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other tests have meters of the same name.
            if (instrument.Meter == _meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        return _meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter?.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _values.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
