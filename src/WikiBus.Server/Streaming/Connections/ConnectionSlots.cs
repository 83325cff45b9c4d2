using System.Diagnostics;
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

    /// <summary>Takes a slot; null with a refusal when a limit is reached.</summary>
    /// <param name="counted">What counts as one client; null for a client without a limit of its own.</param>
    /// <param name="refusal">Which limit is reached.</param>
    public Slot? TryTake(IPAddress? counted, out StreamRefusal? refusal)
    {
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

        return new Slot(this, counted);
    }

    private void GiveBack(IPAddress? counted)
    {
        lock (_lock)
        {
            Debug.Assert(_count > 0, "A slot is given back once.");
            _count--;
            if (counted is not null && --_ofAddress[counted] == 0)
            {
                _ofAddress.Remove(counted);
            }
        }
    }

    /// <summary>The right to one connection. Disposing gives it back; a second time does nothing.</summary>
    internal sealed class Slot(ConnectionSlots slots, IPAddress? counted) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                slots.GiveBack(counted);
            }
        }
    }
}
