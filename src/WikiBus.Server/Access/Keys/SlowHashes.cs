using System.Collections.Concurrent;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// Hashes presented secrets slowly: each one once, and at most the set number per second, so that a stream of wrong
/// keys cannot take the processor. Safe for concurrent use.
/// </summary>
internal sealed class SlowHashes(byte[] salt, int perSecondMax, TimeProvider time)
{
    /// <summary>Most remembered hashes. A full map is emptied, and hashes in use are computed again.</summary>
    private const int RememberedCountMax = 4_096;

    // By fast hash, so that memory holds no secret. Right secrets have a map of their own, since anybody can fill the
    // other one.
    private readonly ConcurrentDictionary<string, byte[]> _right = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _other = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _second;
    private int _countInSecond;

    /// <summary>The hash; null if this second has no hashes left.</summary>
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

    /// <summary>Keeps the hash of a key's secret where wrong secrets cannot push it out.</summary>
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
