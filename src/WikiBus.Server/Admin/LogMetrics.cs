using System.Diagnostics.Metrics;
using WikiBus.Storage;

namespace WikiBus.Server.Admin;

/// <summary>The metrics of the log.</summary>
internal sealed class LogMetrics : IDisposable
{
    /// <summary>Most streams shown by name: those with the most records.</summary>
    private const int StreamCountMax = 500;

    private readonly EventLog _log;
    private readonly Meter _meter;

    public LogMetrics(EventLog log, IMeterFactory meters)
    {
        _log = log;
        _meter = meters.Create("WikiBus");
        _meter.CreateObservableGauge(
            "wikibus.log.first_position", () => _log.FirstPosition, null, "Position of the first record still held.");
        _meter.CreateObservableGauge(
            "wikibus.log.end_position", () => _log.EndPosition, null, "Position after the last durable record.");
        _meter.CreateObservableGauge(
            "wikibus.log.writable", () => _log.Health.IsWritable ? 1 : 0, null,
            "1 while the log takes records, else 0.");
        _meter.CreateObservableGauge(
            "wikibus.log.free", FreeBytes, "By", "Bytes free on the log's volume.");
        _meter.CreateObservableGauge(
            "wikibus.log.queued", () => _log.Health.QueuedBytes, "By", "Bytes of records that wait for the writer.");
        _meter.CreateObservableGauge(
            "wikibus.log.streams", () => _log.StreamCount, null, "Streams that the log knows.");
        _meter.CreateObservableCounter(
            "wikibus.log.frames", () => _log.Counters.Frames, null,
            "Frames made durable: one write and one flush each.");
        _meter.CreateObservableCounter(
            "wikibus.log.duplicates", () => _log.Counters.Duplicates, null,
            "Records that were repeats and were not stored again.");
        _meter.CreateObservableCounter(
            "wikibus.log.id_conflicts", () => _log.Counters.IdConflicts, null,
            "Records stored although the log held the same stream and id, with other bytes.");
        _meter.CreateObservableCounter(
            "wikibus.log.records", Records, "{record}", "Records ever appended, by stream.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>None while the system does not say it; then the log is not writable either.</summary>
    private IEnumerable<Measurement<long>> FreeBytes() =>
        _log.Health.FreeBytes is { } bytes ? [new Measurement<long>(bytes)] : [];

    private IEnumerable<Measurement<long>> Records() => _log.ListStreams()
        .OrderByDescending(static stream => stream.NextOffset)
        .Take(StreamCountMax)
        .Select(static stream => new Measurement<long>(
            stream.NextOffset, new KeyValuePair<string, object?>("stream", stream.Name)));
}
