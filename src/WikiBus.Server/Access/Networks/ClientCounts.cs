using System.Diagnostics;
using System.Net;

namespace WikiBus.Server.Access.Networks;

/// <summary>Counts what is open, in all and per client, within a limit for each. Safe for concurrent use.</summary>
internal sealed class ClientCounts(int allMax, int ofClientMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _ofClient = [];
    private int _count;

    /// <summary>Counts one more, unless a limit is reached. Each one that is counted is removed once.</summary>
    /// <param name="client">See <see cref="ClientNetwork"/>; null for a client without a limit of its own.</param>
    public ClientLimit TryAdd(IPAddress? client)
    {
        lock (_lock)
        {
            var ofClient = client is null ? 0 : _ofClient.GetValueOrDefault(client);
            if (ofClient >= ofClientMax || _count >= allMax)
            {
                return ofClient >= ofClientMax ? ClientLimit.OfClient : ClientLimit.All;
            }

            _count++;
            if (client is not null)
            {
                _ofClient[client] = ofClient + 1;
            }

            return ClientLimit.None;
        }
    }

    public void Remove(IPAddress? client)
    {
        lock (_lock)
        {
            Debug.Assert(_count > 0, "Only what was counted is removed.");
            _count--;
            if (client is not null && --_ofClient[client] == 0)
            {
                _ofClient.Remove(client);
            }
        }
    }
}
