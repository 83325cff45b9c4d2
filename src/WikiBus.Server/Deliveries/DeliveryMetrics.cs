using System.Diagnostics.Metrics;
using WikiBus.Server.Deliveries.Lanes;

namespace WikiBus.Server.Deliveries;

/// <summary>The metrics of deliveries that are observed. Each one takes the engine's lock for a short time.</summary>
internal sealed class DeliveryMetrics : IDisposable
{
    /// <summary>Most subscriptions shown by id: those that are furthest behind.</summary>
    public const int LabelCountMax = 100;

    private static readonly string[] s_states = ["active", "paused", "down", "suspended", "gone", "revoked"];

    private readonly Subscriptions _subscriptions;
    private readonly DeliveryEngine _engine;
    private readonly Meter _meter;

    public DeliveryMetrics(Subscriptions subscriptions, DeliveryEngine engine, IMeterFactory meters)
    {
        _subscriptions = subscriptions;
        _engine = engine;
        _meter = meters.Create("WikiBus");
        AddSubscriptions();
        AddStored();
        AddMemory();
    }

    private LaneParts Parts => _engine.Parts;

    public void Dispose() => _meter.Dispose();

    private void AddSubscriptions()
    {
        _meter.CreateObservableGauge(
            "wikibus.deliveries.subscriptions", CountStates, "{subscription}", "Subscriptions by feature and state.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.destinations_down", CountReasons, "{destination}",
            "Destinations that are down, by the reason.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.lag", () => Worst(static one => one.Lag), "{position}",
            "Positions of the log above the cursor, by subscription.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.lag_age", () => Worst(static one => one.LagTime.TotalSeconds), "s",
            "Age of the oldest record that is not settled, by subscription.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.waiting_age", () => Worst(AgeOfWaiting), "s",
            "Age of the oldest record that waits for its next try, by subscription.");
    }

    private void AddStored()
    {
        _meter.CreateObservableGauge(
            "wikibus.deliveries.waiting", () => Sum(static counts => counts.Waiting), "{delivery}",
            "Deliveries that wait for their next try.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.dead", () => Sum(static counts => counts.Dead), "{delivery}",
            "Deliveries that were given up and are kept.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.stored", StoredBytes, "By", "Bytes of waiting and of dead deliveries.");
    }

    private void AddMemory()
    {
        _meter.CreateObservableGauge(
            "wikibus.deliveries.queued", () => Locked(() => Parts.QueuedBytes), "By",
            "Bytes of records that deliveries hold in memory.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.running",
            () => Locked(() => _engine.RunningCount), "{request}",
            "Requests to recipients that run.");
        _meter.CreateObservableGauge(
            "wikibus.deliveries.uncommitted", () => Locked(() => Parts.Pending.OutcomeCount), "{outcome}",
            "Outcomes of requests that are not in the state database yet.");
    }

    // Also states without a subscription, so that an alarm sees the first one.
    private IEnumerable<Measurement<long>> CountStates()
    {
        var all = _subscriptions.ListAll();
        return
        [
            .. from feature in _engine.Features.Keys
               from state in s_states
               select new Measurement<long>(
                   all.Count(one => one.Feature == feature && one.State == state),
                   new KeyValuePair<string, object?>("feature", feature),
                   new KeyValuePair<string, object?>("state", state)),
        ];
    }

    private IEnumerable<Measurement<long>> CountReasons() => _subscriptions.ListAll()
        .Where(static one => one.State == "down")
        .GroupBy(static one => one.Reason)
        .Select(static group => new Measurement<long>(
            group.Count(), new KeyValuePair<string, object?>("reason", group.Key)));

    private IEnumerable<Measurement<double>> Worst(Func<SubscriptionStatus, double> value) => _subscriptions.ListAll()
        .OrderByDescending(static one => one.LagTime)
        .ThenByDescending(static one => one.Waiting)
        .ThenBy(static one => one.Number)
        .Take(LabelCountMax)
        .Select(one => new Measurement<double>(value(one), new KeyValuePair<string, object?>("subscription", one.Id)));

    // What was read of the database may be older than the counts in memory.
    private double AgeOfWaiting(SubscriptionStatus subscription) =>
        subscription.Waiting == 0 ? 0 : _engine.Ages.Of(subscription.Number).TotalSeconds;

    private IEnumerable<Measurement<long>> StoredBytes() =>
    [
        new(Sum(static counts => counts.WaitingBytes), new KeyValuePair<string, object?>("kind", "waiting")),
        new(Sum(static counts => counts.DeadBytes), new KeyValuePair<string, object?>("kind", "dead")),
    ];

    private long Sum(Func<WaitingCounts, long> value) =>
        Locked(() => _engine.Book.All.Sum(one => value(one.Counts)));

    private long Locked(Func<long> read)
    {
        lock (Parts.Lock)
        {
            return read();
        }
    }
}
