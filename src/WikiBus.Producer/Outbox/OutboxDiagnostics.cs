using System.Diagnostics;
using System.Diagnostics.Metrics;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Outbox;

/// <summary>The metrics of the outbox, in the meter of the producer.</summary>
internal sealed class OutboxDiagnostics
{
    private readonly Counter<long> _unsaved;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _answers;
    private volatile IReadOnlyList<QueueLevel> _levels = [];

    public OutboxDiagnostics(IMeterFactory meters)
    {
        var meter = meters.Create(SendingDiagnostics.Name);
        _unsaved = meter.CreateCounter<long>(
            "wikibus.outbox.unsaved", "{event}", "Events that were published and never saved.");
        _sent = meter.CreateCounter<long>("wikibus.outbox.sent", "{event}", "Events that a service accepted.");
        _answers = meter.CreateCounter<long>("wikibus.outbox.answers", "{request}", "Answers to the relay.");
        meter.CreateObservableGauge(
            "wikibus.outbox.rows", () => Measure(level => level.Rows), "{row}", "Rows that wait.");
        meter.CreateObservableGauge(
            "wikibus.outbox.oldest",
            () => Measure(level => level.OldestAge.TotalSeconds),
            "s",
            "Age of the oldest row.");
        meter.CreateObservableGauge(
            "wikibus.outbox.retrying", () => Measure(level => level.Retrying), "{event}", "Events that are an error.");
        meter.CreateObservableGauge(
            "wikibus.outbox.parked", () => Measure(level => level.Parked), "{event}", "Events that are parked.");
    }

    public void NeverSaved(int count) => _unsaved.Add(count);

    public void Sent(OutboxQueue queue, int count) => _sent.Add(count, TagsOf(queue));

    public void Answered(OutboxQueue queue, int? status)
    {
        var tags = TagsOf(queue);
        tags.Add("http.response.status_code", status ?? 0);
        _answers.Add(1, tags);
    }

    /// <summary>What waits, as the relay found it last; nothing if this process is not the relay.</summary>
    public void Found(IReadOnlyList<QueueLevel> levels) => _levels = levels;

    private IEnumerable<Measurement<T>> Measure<T>(Func<QueueLevel, T> value)
        where T : struct => _levels.Select(level => new Measurement<T>(value(level), TagsOf(level.Queue)));

    private static TagList TagsOf(OutboxQueue queue) =>
        new() { { "service", queue.Service }, { "dialect", queue.Dialect } };
}
