using System.Diagnostics;
using System.Net;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// Counts the pages that connections hold while their clients take a large event bit by bit. There is a limit for all,
/// and one for each client network, so that clients that do not read cannot keep others from reading. One page is
/// always allowed, however large. Safe for concurrent use.
/// </summary>
internal sealed class HeldPages(long bytesMax)
{
    /// <summary>One network holds at most the limit divided by this, or one page.</summary>
    private const int NetworkShare = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, long> _ofNetwork = [];
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Counts bytes that a network holds; false, with nothing changed, when a limit is reached.</summary>
    /// <param name="network">The client's network.</param>
    /// <param name="bytes">What the connection is to hold now.</param>
    /// <param name="before">The bytes that are counted for it already, and are replaced; 0: none.</param>
    public bool TryHold(IPAddress network, long bytes, long before)
    {
        lock (_lock)
        {
            var others = _bytes - before;
            var othersOfNetwork = _ofNetwork.GetValueOrDefault(network) - before;
            if (!Fits(bytes, others, bytesMax) || !Fits(bytes, othersOfNetwork, bytesMax / NetworkShare))
            {
                return false;
            }

            Count(network, others + bytes, othersOfNetwork + bytes);
            return true;
        }
    }

    public void Release(IPAddress network, long bytes)
    {
        lock (_lock)
        {
            Debug.Assert(bytes <= _bytes, "Only what is held is released.");
            Count(network, _bytes - bytes, _ofNetwork.GetValueOrDefault(network) - bytes);
        }
    }

    private static bool Fits(long bytes, long others, long bytesMax) => others == 0 || others + bytes <= bytesMax;

    private void Count(IPAddress network, long bytes, long ofNetwork)
    {
        Volatile.Write(ref _bytes, bytes);
        if (ofNetwork > 0)
        {
            _ofNetwork[network] = ofNetwork;
        }
        else
        {
            _ofNetwork.Remove(network);
        }
    }
}
