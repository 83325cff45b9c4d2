using System.Diagnostics.Metrics;

namespace WikiBus.Server.State;

/// <summary>Metrics of the state database.</summary>
internal sealed class StateMetrics : IDisposable
{
    private readonly Meter _meter;

    public StateMetrics(StateDatabase state, IMeterFactory meters)
    {
        _meter = meters.Create("WikiBus");
        _meter.CreateObservableGauge(
            "wikibus.state.writable", () => state.Fault is null ? 1 : 0, null,
            "1 while the state database takes changes, else 0.");
    }

    public void Dispose() => _meter.Dispose();
}
