using System.Security.Cryptography;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.State;

namespace WikiBus.Server.Access.Keys;

/// <summary>The keys, in the state database and in memory for look-ups. Safe for concurrent use.</summary>
internal sealed class KeyStore : IDisposable
{
    private const int MadeIdBytes = 6;

    /// <summary>A change that waits longer for the ones before it fails.</summary>
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(5);

    private readonly StateDatabase _state;
    private readonly KeyLimits _limits;
    private readonly PublicRules _public;
    private readonly TimeProvider _time;
    private readonly SlowHashes _slowHashes;
    private readonly byte[] _salt;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile KeyRing _ring;

    /// <param name="state">The database, with the tables of <see cref="KeyTable.Schema"/>.</param>
    /// <param name="admin">The admin key, which is never in the database.</param>
    /// <param name="limits">What an operator sets.</param>
    /// <param name="publicRules">What every caller may read.</param>
    /// <param name="time">The clock.</param>
    public KeyStore(
        StateDatabase state, AccessKey admin, KeyLimits limits, PublicRules publicRules, TimeProvider time)
    {
        _state = state;
        _limits = limits;
        _public = publicRules;
        _time = time;
        _salt = state.Read(KeyTable.ReadSalt);
        _slowHashes = new SlowHashes(_salt, limits.SlowHashesPerSecondMax, time);
        _ring = KeyRing.Of(state.Read(KeyTable.Read).Prepend(admin), publicRules);
    }

    /// <summary>All keys but the admin key, by id.</summary>
    public IEnumerable<AccessKey> List() => _ring.Keys.Where(static key => key.Id != AdminKey.Id);

    /// <summary>The caller with this secret; null if nobody has it now.</summary>
    public Caller? FindCaller(string secret)
    {
        var ring = _ring;
        var now = _time.GetUtcNow();
        if (!KeySecret.KeyIdOf(secret).IsEmpty)
        {
            return ring.FindMade(secret, now);
        }

        if (!ring.HasGivenSecrets || !KeySecret.IsGivable(secret) || _slowHashes.Hash(secret) is not { } hash)
        {
            return null;
        }

        var caller = ring.FindGiven(hash, now);
        if (caller is not null)
        {
            _slowHashes.MarkRight(secret, hash);
        }

        return caller;
    }

    /// <summary>Makes a key from a request in which <see cref="KeyRules"/> found no fault.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<KeyChange> CreateAsync(KeyRequest request) => ChangeAsync(ring =>
    {
        var id = request.Id ?? MakeId();
        if (ring.Find(id) is not null)
        {
            return new KeyChange(KeyOutcome.IdTaken);
        }

        if (List().Count() >= _limits.CountMax)
        {
            return new KeyChange(KeyOutcome.Full);
        }

        if (HashOf(id, request.Secret, ring, out var made) is not { } hash)
        {
            return new KeyChange(KeyOutcome.SecretTaken);
        }

        RoleNames.TryParse(request.Roles ?? [], out var roles);
        var key = new AccessKey
        {
            Id = id,
            Roles = roles,
            Streams = request.Streams ?? [],
            Wikis = request.Wikis ?? [],
            CreatedAt = _time.GetUtcNow(),
            Secrets = [hash],
        };
        return new KeyChange(KeyOutcome.Done, key, made);
    });

    /// <summary>
    /// Gives a key a new secret. Its current secret ends after the overlap; secrets that already have an end keep it.
    /// </summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<KeyChange> RotateAsync(string id, string? givenSecret, TimeSpan? overlap) => ChangeAsync(ring =>
    {
        if (id == AdminKey.Id || ring.Find(id) is not { } key)
        {
            return new KeyChange(KeyOutcome.NotFound);
        }

        if (HashOf(id, givenSecret, ring, out var made) is not { } hash)
        {
            return new KeyChange(KeyOutcome.SecretTaken);
        }

        var now = _time.GetUtcNow();
        var end = now + (overlap ?? _limits.RotationOverlap);
        var old = key.Secrets
            .Select(secret => secret.ValidUntil is null ? secret with { ValidUntil = end } : secret)
            .Where(secret => secret.IsValidAt(now));
        return new KeyChange(KeyOutcome.Done, key with { Secrets = [hash, .. old] }, made);
    });

    /// <summary>Removes a key immediately, also for open connections.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<KeyChange> RevokeAsync(string id) => InTurnAsync(async () =>
    {
        if (id == AdminKey.Id || _ring.Find(id) is not { } key)
        {
            return new KeyChange(KeyOutcome.NotFound);
        }

        await _state.ChangeAsync(connection => KeyTable.Remove(connection, id));
        _ring = _ring.Without(id);
        return new KeyChange(KeyOutcome.Done, key);
    });

    public void Dispose() => _changing.Dispose();

    private Task<KeyChange> ChangeAsync(Func<KeyRing, KeyChange> decide) => InTurnAsync(async () =>
    {
        var change = decide(_ring);
        if (change.Key is { } key)
        {
            // A key becomes valid only when it is durable.
            await _state.ChangeAsync(connection => KeyTable.Put(connection, key));
            _ring = _ring.With(key, _public);
        }

        return change;
    });

    private async Task<KeyChange> InTurnAsync(Func<Task<KeyChange>> change)
    {
        if (!await _changing.WaitAsync(s_waitMax))
        {
            throw new StateException($"Other changes of keys take more than {s_waitMax.TotalSeconds} s.");
        }

        try
        {
            return await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    // Null: another key has the given secret.
    private SecretHash? HashOf(string id, string? givenSecret, KeyRing ring, out string? made)
    {
        made = null;
        if (givenSecret is null)
        {
            made = KeySecret.Make(id);
            return new SecretHash(SecretKind.Made, KeySecret.FastHash(made));
        }

        var hash = KeySecret.SlowHash(givenSecret, _salt);
        return ring.FindGiven(hash, _time.GetUtcNow()) is null ? new SecretHash(SecretKind.Given, hash) : null;
    }

    private static string MakeId() => "key-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MadeIdBytes));
}

/// <summary>The limits that an operator sets.</summary>
/// <param name="CountMax">Most keys, without the admin key.</param>
/// <param name="RotationOverlap">How long a rotated secret stays valid, unless the request says otherwise.</param>
/// <param name="SlowHashesPerSecondMax">Most slow hashes of presented secrets per second.</param>
internal sealed record KeyLimits(int CountMax, TimeSpan RotationOverlap, int SlowHashesPerSecondMax);

/// <summary>The result of a change of the keys.</summary>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Key">The key after the change, or the revoked key; null unless the change was done.</param>
/// <param name="Secret">The secret that the change made, if any. The bus cannot show it again.</param>
internal sealed record KeyChange(KeyOutcome Outcome, AccessKey? Key = null, string? Secret = null);
