using System.Diagnostics.Metrics;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Streaming.Settings;

/// <summary>Metrics and messages of streaming.</summary>
internal sealed partial class StreamingDiagnostics : IDisposable
{
    private readonly ILogger<StreamingDiagnostics> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _records;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _writeTimeouts;
    private readonly Counter<long> _standstills;
    private readonly RecentFaults _faults;
    private readonly RecentFaults _damages;

    public StreamingDiagnostics(ILogger<StreamingDiagnostics> logger, IMeterFactory meters, TimeProvider time)
    {
        _faults = new RecentFaults(time);
        _damages = new RecentFaults(time);
        _logger = logger;
        _meter = meters.Create("WikiBus");
        _requests = _meter.CreateCounter<long>(
            "wikibus.streaming.requests", "{request}", "Requests for streams that were answered with a stream.");
        _refusals = _meter.CreateCounter<long>(
            "wikibus.streaming.refusals", "{request}", "Requests for streams that were refused, by status.");
        _records = _meter.CreateCounter<long>(
            "wikibus.streaming.records", "{record}", "Records written to connections.");
        _writes = _meter.CreateCounter<long>("wikibus.streaming.writes", "{write}", "Writes to connections.");
        _bytes = _meter.CreateCounter<long>("wikibus.streaming.bytes", "By", "Bytes written to connections.");
        _gaps = _meter.CreateCounter<long>("wikibus.streaming.gaps", "{gap}", "Gaps told to clients, by reason.");
        _writeTimeouts = _meter.CreateCounter<long>(
            "wikibus.streaming.write_timeouts", "{connection}", "Connections ended because their client took nothing.");
        _standstills = _meter.CreateCounter<long>(
            "wikibus.streaming.standstills", "{connection}",
            "Connections ended because they did not move although records lay ahead of them.");

        // A counter without labels is one number, which is 0 in the metrics before its first event.
        foreach (var counter in (Counter<long>[])[_records, _writes, _bytes, _writeTimeouts, _standstills])
        {
            counter.Add(0);
        }
    }

    public void ObserveConnections(Func<int> count) => _meter.CreateObservableGauge(
        "wikibus.streaming.connections", count, "{connection}", "Open connections.");

    public void ObserveCache(Func<long> bytes) => _meter.CreateObservableGauge(
        "wikibus.streaming.cache_bytes", bytes, "By", "Bytes of formatted events that connections share.");

    public void CountRequest(string format) => _requests.Add(1, new KeyValuePair<string, object?>("format", format));

    public void CountRefusal(int status) => _refusals.Add(1, new KeyValuePair<string, object?>("status", status));

    public void CountWrite(long records, long bytes)
    {
        _writes.Add(1);
        _records.Add(records);
        _bytes.Add(bytes);
    }

    public void CountGap(string reason) => _gaps.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void CountWriteTimeout() => _writeTimeouts.Add(1);

    public void ConnectionStoodStill(Exception exception)
    {
        _standstills.Add(1);
        StoodStill(exception.Message);
    }

    [LoggerMessage(4, LogLevel.Error, "A stream ended with an error: {Message}")]
    private partial void StoodStill(string message);

    /// <summary>A client came to a damaged place. Each place is logged once in a window of time.</summary>
    public void RecordDamaged(Exception exception)
    {
        if (_damages.IsNew(exception.Message))
        {
            UnreadableRecord(exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A record of the log cannot be read; streams that need it end: {Message}")]
    private partial void UnreadableRecord(string message);

    /// <summary>A background loop failed and continues. The same fault is logged once in ten minutes.</summary>
    public void LoopFailed(Exception exception)
    {
        if (_faults.IsNew(exception.Message))
        {
            UnexpectedFault(exception);
        }
    }

    [LoggerMessage(3, LogLevel.Error, "The background work for streams failed unexpectedly and goes on")]
    private partial void UnexpectedFault(Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "Connected: {Caller}, streams {Streams}, from position {Position}")]
    public partial void Connected(string caller, string streams, long position);

    public void Dispose() => _meter.Dispose();
}
