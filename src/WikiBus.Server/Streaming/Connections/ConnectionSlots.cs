using System.Net;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Limits open streams, in all and per address. A slot is given back exactly once, however the request ends. Safe for
/// concurrent use.
/// </summary>
internal sealed class ConnectionSlots(StreamingOptions options)
{
    private readonly ClientCounts _counts = new(options.ConnectionsMax, options.ConnectionsPerAddressMax);

    /// <summary>Takes a slot; null with a refusal when a limit is reached.</summary>
    /// <param name="counted">What counts as one client; null for a client without a limit of its own.</param>
    /// <param name="refusal">Which limit is reached.</param>
    public Slot? TryTake(IPAddress? counted, out StreamRefusal? refusal)
    {
        refusal = _counts.TryAdd(counted) switch
        {
            ClientLimit.OfClient => StreamRefusal.TooManyOfAddress,
            ClientLimit.All => StreamRefusal.TooMany,
            _ => null,
        };
        return refusal is null ? new Slot(_counts, counted) : null;
    }

    /// <summary>The right to one connection. Disposing gives it back; a second time does nothing.</summary>
    internal sealed class Slot(ClientCounts counts, IPAddress? counted) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                counts.Remove(counted);
            }
        }
    }
}
