using System.Collections.Concurrent;

namespace WikiBus.Server.Access;

/// <summary>
/// Hashes given secrets, each presented one only once, and not more per second than is set: a stream of wrong keys
/// must not take the processor. Safe for concurrent use.
/// </summary>
internal sealed class SlowHashes(byte[] salt, int perSecondMax, TimeProvider time)
{
    /// <summary>Most hashes that are remembered; then all are forgotten, and those in use hashed anew.</summary>
    private const int RememberedCountMax = 4_096;

    // By the fast hash, so that memory holds no secret. What is known to be right is apart from what anybody can
    // fill.
    private readonly ConcurrentDictionary<string, byte[]> _right = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _other = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _second;
    private int _countInSecond;

    /// <summary>The hash; null when too many were asked for in this second.</summary>
    public byte[]? Hash(string secret)
    {
        var place = Place(secret);
        if (Find(place) is { } known)
        {
            return known;
        }

        if (!TryTakeTurn())
        {
            return null;
        }

        var hash = KeySecret.SlowHash(secret, salt);
        Remember(_other, place, hash);
        return hash;
    }

    /// <summary>Says that the secret is a key's: wrong ones will not push it out of memory.</summary>
    public void MarkRight(string secret, byte[] hash) => Remember(_right, Place(secret), hash);

    private byte[]? Find(string place) =>
        _right.TryGetValue(place, out var hash) || _other.TryGetValue(place, out hash) ? hash : null;

    private static string Place(string secret) => Convert.ToBase64String(KeySecret.FastHash(secret));

    private static void Remember(ConcurrentDictionary<string, byte[]> hashes, string place, byte[] hash)
    {
        if (hashes.Count >= RememberedCountMax)
        {
            hashes.Clear();
        }

        hashes[place] = hash;
    }

    private bool TryTakeTurn()
    {
        lock (_gate)
        {
            var second = time.GetTimestamp() / time.TimestampFrequency;
            if (second != _second)
            {
                _second = second;
                _countInSecond = 0;
            }

            return ++_countInSecond <= perSecondMax;
        }
    }
}
