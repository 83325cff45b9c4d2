using System.Diagnostics;
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
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _ofAddress = [];
    private int _count;

    /// <summary>The connection, counted until it is disposed; null if a limit refuses it.</summary>
    public ConnectionContext? TryAdmit(ConnectionContext connection)
    {
        var counted = CountedAs(connection.RemoteEndPoint);
        bool isOfAddress;
        lock (_lock)
        {
            var ofAddress = counted is null ? 0 : _ofAddress.GetValueOrDefault(counted);
            if (_count < limits.All && ofAddress < limits.OfAddress)
            {
                _count++;
                if (counted is not null)
                {
                    _ofAddress[counted] = ofAddress + 1;
                }

                return new CountedConnection(connection, this, counted);
            }

            isOfAddress = ofAddress >= limits.OfAddress;
        }

        diagnostics.CountRefusal(limits, isOfAddress ? counted : null);
        return null;
    }

    /// <summary>A counted connection has ended. Called once for each.</summary>
    public void GiveBack(IPAddress? counted)
    {
        lock (_lock)
        {
            Debug.Assert(_count > 0, "A connection is given back once.");
            _count--;
            if (counted is not null && --_ofAddress[counted] == 0)
            {
                _ofAddress.Remove(counted);
            }
        }
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
