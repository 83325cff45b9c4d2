using System.Diagnostics.Metrics;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>Counts the calls of the wiki's API, and logs when they begin to fail and when they succeed again.</summary>
internal sealed class DekiCalls : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly RecentFaults _faults;
    private readonly ILogger<DekiCalls> _logger;
    private int _isFailing;

    public DekiCalls(IMeterFactory meters, TimeProvider time, ILogger<DekiCalls> logger)
    {
        _meter = meters.Create("WikiBus");
        _calls = _meter.CreateCounter<long>(
            "wikibus.dream.deki_calls", null, "Calls of the wiki's API, by outcome.");
        _faults = new RecentFaults(time);
        _logger = logger;
    }

    private void Count(string outcome) => _calls.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Succeed()
    {
        Count("answered");
        if (Interlocked.Exchange(ref _isFailing, 0) == 1)
        {
            _faults.Clear();
            DreamDiagnostics.DekiAnswers(_logger);
        }
    }

    /// <summary>The wiki refused a call, which is an answer.</summary>
    public void Refuse(int status, bool isOfSettings)
    {
        Count("refused");
        if (isOfSettings && _faults.IsNew($"settings {status}"))
        {
            DreamDiagnostics.DekiRefuses(_logger, status);
        }
    }

    public void Fail(string outcome, string fault)
    {
        Count(outcome);
        Interlocked.Exchange(ref _isFailing, 1);
        if (_faults.IsNew(fault))
        {
            DreamDiagnostics.DekiFails(_logger, fault);
        }
    }

    public void Dispose() => _meter.Dispose();
}
