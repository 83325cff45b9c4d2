using System.Net;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// Counts the pages that connections hold while their clients take a large frame bit by bit, and refuses what goes
/// beyond the limit, or beyond the part of it that one client network may hold: clients that do not read must not keep
/// others from reading. One page is always allowed, however large. Safe for concurrent use.
/// </summary>
internal sealed class HeldPages(long bytesMax)
{
    /// <summary>One network holds at most the limit divided by this, or one page.</summary>
    private const int NetworkShare = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, long> _ofNetwork = [];
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Counts so many bytes for a network in place of those that were counted before (0: none); false, with nothing
    /// changed, when a limit is reached.
    /// </summary>
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
