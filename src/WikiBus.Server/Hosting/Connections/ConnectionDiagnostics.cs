using System.Diagnostics.Metrics;
using System.Net;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Hosting.Connections;

/// <summary>Metrics and messages about connections that are refused.</summary>
internal sealed partial class ConnectionDiagnostics : IDisposable
{
    private readonly ILogger<ConnectionDiagnostics> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _refusals;
    private readonly RecentFaults _ofAddresses;

    // Apart from the addresses, which can be many: then no new one is logged.
    private readonly RecentFaults _ofAll;

    public ConnectionDiagnostics(ILogger<ConnectionDiagnostics> logger, IMeterFactory meters, TimeProvider time)
    {
        _logger = logger;
        _ofAddresses = new RecentFaults(time);
        _ofAll = new RecentFaults(time);
        _meter = meters.Create("WikiBus");
        _refusals = _meter.CreateCounter<long>(
            "wikibus.connections.refused", "{connection}", "Connections closed before their first byte, by reason.");
    }

    /// <param name="limits">The limits in force.</param>
    /// <param name="address">The address that is at its limit; null if the limit of all is reached.</param>
    public void CountRefusal(ConnectionLimits limits, IPAddress? address)
    {
        _refusals.Add(1, new KeyValuePair<string, object?>("reason", address is null ? "limit" : "address"));
        if (address is null)
        {
            if (_ofAll.IsNew("all"))
            {
                RefusedAll(limits.All);
            }
        }
        else if (_ofAddresses.IsNew(address.ToString()))
        {
            RefusedAddress(address, limits.OfAddress);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Connections are refused: {Count} are open (Hosting:ConnectionsMax, or what the system allows)")]
    private partial void RefusedAll(int count);

    [LoggerMessage(2, LogLevel.Warning,
        "Connections of {Address} are refused: it has {Count} open (Hosting:ConnectionsPerAddressMax); if it is a "
        + "proxy, Access:TrustedProxies names it")]
    private partial void RefusedAddress(IPAddress address, int count);

    public void Dispose() => _meter.Dispose();
}
