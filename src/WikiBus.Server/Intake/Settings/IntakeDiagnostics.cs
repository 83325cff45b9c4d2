using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace WikiBus.Server.Intake.Settings;

/// <summary>
/// Metrics and log messages of intake. Events are never logged. A refused event is a Warning, since the operator of the
/// bus mostly runs the producers, too; any other fault of a client is Information at most.
/// </summary>
internal sealed partial class IntakeDiagnostics : IDisposable
{
    public const string MeterName = "WikiBus";

    /// <summary>Most streams counted by name; further ones are counted as <see cref="OtherStream"/>.</summary>
    private const int StreamCountMax = 500;

    private const string OtherStream = "other";

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _bodyBytes;
    private readonly Counter<long> _withdrawn;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _errorEventsDropped;
    private readonly ConcurrentDictionary<string, bool> _streams = new(StringComparer.Ordinal);
    private readonly Lock _streamsLock = new();
    private readonly ILogger<IntakeDiagnostics> _logger;

    public IntakeDiagnostics(
        ILogger<IntakeDiagnostics> logger, IMeterFactory meters, BytesInFlight bytesInFlight)
    {
        _logger = logger;
        _meter = meters.Create(MeterName);
        _events = _meter.CreateCounter<long>(
            "wikibus.intake.events", "{event}",
            "Events by stream and status: stored, duplicate, invalid, error.");
        _duration = _meter.CreateHistogram<double>(
            "wikibus.intake.request.duration", "s",
            "From the end of the headers to the answer, by HTTP status.");
        _bodyBytes = _meter.CreateCounter<long>(
            "wikibus.intake.body_bytes", "By", "Bytes of bodies, decompressed.");
        _withdrawn = _meter.CreateCounter<long>(
            "wikibus.intake.withdrawn", "{request}", "Requests taken back at the deadline; not stored.");
        _unknown = _meter.CreateCounter<long>(
            "wikibus.intake.outcome_unknown", "{request}", "Requests answered before their outcome was known.");
        _errorEventsDropped = _meter.CreateCounter<long>(
            "wikibus.intake.error_events_dropped", "{event}", "Error events for which there was no room.");
        _meter.CreateObservableGauge(
            "wikibus.intake.bytes_in_flight", () => bytesInFlight.Bytes, "By", "Bytes of bodies in memory now.");

        // A counter without labels is shown from the start on, as 0.
        foreach (var counter in (Counter<long>[])[_bodyBytes, _withdrawn, _unknown, _errorEventsDropped])
        {
            counter.Add(0);
        }
    }

    public void Request(TimeSpan duration, int status)
    {
        if (_duration.Enabled)
        {
            _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("status", status));
        }
    }

    public void Body(int bytes) => _bodyBytes.Add(bytes);

    public void Events(string stream, string status, int count)
    {
        if (_events.Enabled)
        {
            _events.Add(
                count, new KeyValuePair<string, object?>("stream", Bounded(stream)),
                new KeyValuePair<string, object?>("status", status));
        }
    }

    /// <summary>Counts events that were not accepted. Their stream is not a label: they may name anything.</summary>
    public void Refused(string status, int count)
    {
        if (count > 0)
        {
            _events.Add(
                count, new KeyValuePair<string, object?>("stream", "refused"),
                new KeyValuePair<string, object?>("status", status));
        }
    }

    public void Withdrawn() => _withdrawn.Add(1);

    public void OutcomeUnknown() => _unknown.Add(1);

    public void ErrorEventDropped() => _errorEventsDropped.Add(1);

    [LoggerMessage(100, LogLevel.Information, "{Count} hasty events were lost: {Reason}")]
    public partial void HastyEventsLost(int count, string reason);

    [LoggerMessage(101, LogLevel.Information, "An error event could not be stored: {Reason}")]
    public partial void ErrorEventLost(string reason);

    [LoggerMessage(102, LogLevel.Error, "A request with events failed unexpectedly")]
    public partial void RequestFailed(Exception exception);

    [LoggerMessage(103, LogLevel.Error, "An error event failed unexpectedly and is lost")]
    public partial void ErrorEventFailed(Exception exception);

    [LoggerMessage(104, LogLevel.Warning, "Events from {Sender} for stream {Stream} are refused: {Reason}")]
    public partial void EventsRefused(string sender, string stream, string reason);

    [LoggerMessage(
        105, LogLevel.Warning, "A request with events from {Sender} ({Address}) was refused with {Status}: {Reason}")]
    public partial void RequestRefused(string sender, System.Net.IPAddress address, int status, string reason);

    public void Dispose() => _meter.Dispose();

    private string Bounded(string stream) =>
        _streams.ContainsKey(stream) || TryCountByName(stream) ? stream : OtherStream;

    /// <summary>False if the limit of names is reached. Safe when two requests add the same name.</summary>
    private bool TryCountByName(string stream)
    {
        lock (_streamsLock)
        {
            if (_streams.Count < StreamCountMax)
            {
                _streams.TryAdd(stream, true);
            }

            return _streams.ContainsKey(stream);
        }
    }
}
