using System.Net;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Counts open connections, in all and per address. A slot is given back exactly once, however the request ends. Safe
/// for concurrent use.
/// </summary>
internal sealed class ConnectionSlots(StreamingOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _ofAddress = [];
    private int _count;

    /// <summary>Takes a slot; null with a refusal when there is none.</summary>
    /// <param name="address">The client's address; null for one without a limit of its own.</param>
    /// <param name="refusal">Why there is none.</param>
    public ConnectionSlot? TryTake(IPAddress? address, out StreamRefusal? refusal)
    {
        var counted = address is null ? null : ClientNetwork.Of(address);
        lock (_lock)
        {
            var ofAddress = counted is null ? 0 : _ofAddress.GetValueOrDefault(counted);
            refusal = ofAddress >= options.ConnectionsPerAddressMax ? StreamRefusal.TooManyOfAddress
                : _count >= options.ConnectionsMax ? StreamRefusal.TooMany
                : null;
            if (refusal is not null)
            {
                return null;
            }

            _count++;
            if (counted is not null)
            {
                _ofAddress[counted] = ofAddress + 1;
            }
        }

        return new ConnectionSlot(this, counted);
    }

    internal void GiveBack(IPAddress? counted)
    {
        lock (_lock)
        {
            _count--;
            if (counted is not null && --_ofAddress[counted] == 0)
            {
                _ofAddress.Remove(counted);
            }
        }
    }
}
