using System.Diagnostics.Metrics;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Deliveries.Settings;

/// <summary>Metrics and messages of deliveries.</summary>
internal sealed partial class DeliveriesDiagnostics : IDisposable
{
    private readonly ILogger<DeliveriesDiagnostics> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _tries;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _lostRanges;
    private readonly Counter<long> _dropped;
    private readonly RecentFaults _faults;
    private readonly RecentFaults _damages;

    public DeliveriesDiagnostics(ILogger<DeliveriesDiagnostics> logger, IMeterFactory meters, TimeProvider time)
    {
        _faults = new RecentFaults(time);
        _damages = new RecentFaults(time);
        _logger = logger;
        _meter = meters.Create("WikiBus");
        _tries = _meter.CreateCounter<long>(
            "wikibus.deliveries.tries", "{try}", "Requests to recipients, by feature and verdict.");
        _expired = _meter.CreateCounter<long>(
            "wikibus.deliveries.expired", "{record}", "Records that were too old to be sent, by feature.");
        _lostRanges = _meter.CreateCounter<long>(
            "wikibus.deliveries.lost_ranges", "{range}",
            "Ranges of the log that a subscription never gets, by reason.");
        _dropped = _meter.CreateCounter<long>(
            "wikibus.deliveries.dropped", "{delivery}", "Dead deliveries that were dropped, by feature.");
    }

    public void CountTry(string feature, string verdict) => _tries.Add(
        1,
        new KeyValuePair<string, object?>("feature", feature),
        new KeyValuePair<string, object?>("verdict", verdict));

    public void CountExpired(string feature) =>
        _expired.Add(1, new KeyValuePair<string, object?>("feature", feature));

    public void CountDropped(string feature, int count) => _dropped.Add(
        count, new KeyValuePair<string, object?>("feature", feature));

    /// <summary>A reader came to a damaged place. Each place is logged once in a window of time.</summary>
    public void RecordDamaged(Exception exception)
    {
        if (_damages.IsNew(exception.Message))
        {
            UnreadableRecord(exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Error,
        "A record of the log cannot be read; subscriptions that come to it wait there: {Message}")]
    private partial void UnreadableRecord(string message);

    /// <summary>A background loop failed and continues. The same fault is logged once in ten minutes.</summary>
    public void LoopFailed(Exception exception)
    {
        if (_faults.IsNew(exception.Message))
        {
            UnexpectedFault(exception);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "The background work for deliveries failed unexpectedly and goes on")]
    private partial void UnexpectedFault(Exception exception);

    /// <summary>Retention removed records before a subscription came to them.</summary>
    public void RecordsLost(string id, long from, long end)
    {
        _lostRanges.Add(1, new KeyValuePair<string, object?>("reason", "retention"));
        RangeLost(id, from, end);
    }

    [LoggerMessage(3, LogLevel.Warning,
        "The subscription {Id} never gets the positions {From} to {End} of the log, which retention removed")]
    private partial void RangeLost(string id, long from, long end);

    /// <summary>A start found another log, or an older copy of it.</summary>
    public void LogReplaced(string id, string log, long before, long after)
    {
        _lostRanges.Add(1, new KeyValuePair<string, object?>("reason", "foreign-log"));
        ForeignLog(id, before, log, after);
    }

    [LoggerMessage(5, LogLevel.Warning,
        "The log was replaced: the subscription {Id} was at {Before} of the log {Log}, and continues at {After}")]
    private partial void ForeignLog(string id, long before, string log, long after);

    /// <summary>A subscription stopped by itself.</summary>
    [LoggerMessage(4, LogLevel.Warning,
        "The subscription {Id} is {State} and gets nothing until somebody resumes it: {Reason}")]
    public partial void Stopped(string id, string state, string reason);

    [LoggerMessage(6, LogLevel.Information,
        "Dropped {Count} dead deliveries of the subscription {Id}, older than Deliveries:DeadAgeMax")]
    public partial void DeadAged(long count, string id);

    public void Dispose() => _meter.Dispose();
}
