using System.Net;
using Microsoft.AspNetCore.Connections;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Hosting.Connections;

/// <summary>
/// Counts open connections, in all and per address, from before their first byte to their end. Safe for concurrent use.
/// </summary>
/// <param name="limits">The limits in force.</param>
/// <param name="exempt">Networks whose addresses have no limit of their own.</param>
/// <param name="diagnostics">Counts and logs refusals.</param>
internal sealed class ConnectionGate(
    ConnectionLimits limits, IReadOnlyList<NetworkList> exempt, ConnectionDiagnostics diagnostics)
{
    private readonly ClientCounts _counts = new(limits.All, limits.OfAddress);

    /// <summary>The connection, counted until it is disposed; null if a limit refuses it.</summary>
    public ConnectionContext? TryAdmit(ConnectionContext connection)
    {
        var counted = CountedAs(connection.RemoteEndPoint);
        var reached = _counts.TryAdd(counted);
        if (reached == ClientLimit.None)
        {
            return new CountedConnection(connection, _counts, counted);
        }

        diagnostics.CountRefusal(limits, reached == ClientLimit.OfClient ? counted : null);
        return null;
    }

    private IPAddress? CountedAs(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
        {
            return null;
        }

        var plain = NetworkList.Plain(address);
        return exempt.Any(networks => networks.Contains(plain)) ? null : ClientNetwork.Of(plain);
    }
}
