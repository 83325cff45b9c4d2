using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// Hashes presented secrets slowly: each once, one at a time, in fair turns between networks, and never in the thread
/// of a request. So guesses take at most a part of one processor, and delay nobody whose secret is known. Safe for
/// concurrent use.
/// </summary>
internal sealed class SlowHashes(byte[] salt, KeyLimits limits, TimeProvider time)
{
    /// <summary>
    /// How long a request waits for a hash. Afterwards the secret still keeps its place in the queue, so that a later
    /// request finds the hash. A producer of MediaWiki waits 5 s for its answer.
    /// </summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);

    /// <summary>Most remembered hashes of secrets that are not right. A full map is emptied.</summary>
    private const int OtherCountMax = 4_096;

    /// <summary>The same for right secrets: a key has few at a time.</summary>
    private readonly int _rightCountMax = Math.Max(OtherCountMax, 2 * limits.CountMax);

    // By a fast hash with a key of this process, so that memory holds no secret. Right secrets have a map of their own,
    // since anybody can fill the other one. A hash never becomes wrong: who has it is looked up for each request.
    private readonly ConcurrentDictionary<string, byte[]> _right = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _other = new(StringComparer.Ordinal);
    private readonly byte[] _placeKey = RandomNumberGenerator.GetBytes(32);
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / limits.SlowHashesPerSecondMax;
    private readonly Lock _lock = new();
    private readonly SecretQueue _queue = new();
    private readonly Dictionary<string, WaitingSecret> _waiting = new(StringComparer.Ordinal);
    private bool _isWorking;
    private long? _lastStart;

    /// <summary>The hash; null if it could not be computed in time.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="network">Who presents it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<byte[]?> HashAsync(string secret, IPAddress network, CancellationToken cancellationToken)
    {
        var place = PlaceOf(secret);
        return _right.TryGetValue(place, out var hash) || _other.TryGetValue(place, out hash)
            ? ValueTask.FromResult<byte[]?>(hash)
            : WaitAsync(secret, place, network, cancellationToken);
    }

    /// <summary>
    /// The hash of a secret that somebody who manages keys gives. It does not wait for guesses. The caller lets one at
    /// a time run.
    /// </summary>
    public Task<byte[]> HashGivenAsync(string secret) => Task.Run(() => KeySecret.SlowHash(secret, salt));

    /// <summary>Keeps the hash of a key's secret where wrong secrets cannot push it out.</summary>
    public void MarkRight(string secret, byte[] hash) => Remember(_right, _rightCountMax, PlaceOf(secret), hash);

    private async ValueTask<byte[]?> WaitAsync(
        string secret, string place, IPAddress network, CancellationToken cancellationToken)
    {
        if (Enqueue(secret, place, network) is not { } waiting)
        {
            return null;
        }

        try
        {
            return await waiting.Hash.Task.WaitAsync(WaitMax, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    // Null: a limit is reached.
    private WaitingSecret? Enqueue(string secret, string place, IPAddress network)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(place, out var waiting))
            {
                return waiting;
            }

            waiting = new WaitingSecret(secret, place);
            if (!_queue.TryAdd(network, waiting))
            {
                return null;
            }

            _waiting.Add(place, waiting);
            if (!_isWorking)
            {
                _isWorking = true;
                _ = Task.Run(WorkAsync);
            }

            return waiting;
        }
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            if (_lastStart is { } last && _interval - time.GetElapsedTime(last) is { Ticks: > 0 } pause)
            {
                await Task.Delay(pause, time);
            }

            if (TakeNext() is not { } next)
            {
                return;
            }

            _lastStart = time.GetTimestamp();
            Hash(next);
        }
    }

    private WaitingSecret? TakeNext()
    {
        lock (_lock)
        {
            var next = _queue.Take();
            _isWorking = next is not null;
            return next;
        }
    }

    private void Hash(WaitingSecret waiting)
    {
        try
        {
            var hash = KeySecret.SlowHash(waiting.Secret, salt);
            Remember(_other, OtherCountMax, waiting.Place, hash);
            waiting.Hash.SetResult(hash);
        }
        catch (Exception exception)
        {
            // The requests that wait report it. The next secrets still get their hashes.
            waiting.Hash.SetException(exception);
        }

        lock (_lock)
        {
            _waiting.Remove(waiting.Place);
        }
    }

    private string PlaceOf(string secret) =>
        Convert.ToBase64String(HMACSHA256.HashData(_placeKey, Encoding.UTF8.GetBytes(secret)));

    private static void Remember(
        ConcurrentDictionary<string, byte[]> hashes, int countMax, string place, byte[] hash)
    {
        if (hashes.Count >= countMax)
        {
            hashes.Clear();
        }

        hashes[place] = hash;
    }
}
