using System.Security.Cryptography;
using WikiBus.Server.State;

namespace WikiBus.Server.Access;

/// <summary>The keys: a copy in memory for looking up, and the state database. Safe for concurrent use.</summary>
internal sealed class KeyStore : IDisposable
{
    private const int MadeIdBytes = 6;

    private readonly StateDatabase _state;
    private readonly AccessOptions _options;
    private readonly PublicRules _public;
    private readonly TimeProvider _time;
    private readonly SlowHashes _slowHashes;
    private readonly byte[] _salt;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile KeyRing _ring;

    // The admin key is kept in its file only.
    public KeyStore(
        StateDatabase state, AccessKey admin, AccessOptions options, PublicRules publicRules, TimeProvider time)
    {
        _state = state;
        _options = options;
        _public = publicRules;
        _time = time;
        _salt = state.Read(KeyTable.ReadSalt);
        _slowHashes = new SlowHashes(_salt, options.SlowHashesPerSecondMax, time);
        _ring = state.Read(KeyTable.Read).Prepend(admin)
            .Aggregate(KeyRing.Empty, (ring, key) => ring.With(key, publicRules));
    }

    /// <summary>All keys but the admin key, by id.</summary>
    public IEnumerable<AccessKey> List() => _ring.Keys.Where(static key => key.Id != AdminKey.Id);

    /// <summary>Who has this secret; null when nobody has it (any more).</summary>
    public Caller? FindCaller(string secret)
    {
        var ring = _ring;
        var now = _time.GetUtcNow();
        if (!KeySecret.KeyIdOf(secret).IsEmpty)
        {
            return ring.FindMade(secret, now);
        }

        if (!MayBeGiven(ring, secret) || _slowHashes.Hash(secret) is not { } hash)
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

    /// <summary>Makes a key of a request that <see cref="KeyRules"/> found no fault in.</summary>
    /// <exception cref="IOException">It could not be stored.</exception>
    public Task<KeyChange> CreateAsync(KeyRequest request) => ChangeAsync(ring =>
    {
        var id = request.Id ?? MakeId();
        if (ring.Find(id) is not null)
        {
            return new KeyChange(KeyOutcome.IdTaken);
        }

        if (List().Count() >= _options.KeyCountMax)
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
    /// Gives a key a new secret; what was valid stays so for a while, what had an end already keeps it.
    /// </summary>
    /// <exception cref="IOException">It could not be stored.</exception>
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
        var end = now + (overlap ?? _options.RotationOverlap);
        var old = key.Secrets
            .Select(secret => secret.ValidUntil is null ? secret with { ValidUntil = end } : secret)
            .Where(secret => secret.IsValidAt(now));
        return new KeyChange(KeyOutcome.Done, key with { Secrets = [hash, .. old] }, made);
    });

    /// <summary>Takes a key away, at once and for those who are connected with it, too.</summary>
    /// <exception cref="IOException">It could not be stored.</exception>
    public async Task<KeyChange> RevokeAsync(string id)
    {
        await _changing.WaitAsync();
        try
        {
            if (id == AdminKey.Id || _ring.Find(id) is not { } key)
            {
                return new KeyChange(KeyOutcome.NotFound);
            }

            await _state.ChangeAsync(connection => KeyTable.Remove(connection, id));
            _ring = _ring.Without(id);
            return new KeyChange(KeyOutcome.Done, key);
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private async Task<KeyChange> ChangeAsync(Func<KeyRing, KeyChange> decide)
    {
        await _changing.WaitAsync();
        try
        {
            var change = decide(_ring);
            if (change.Key is { } key)
            {
                // First durable, then valid.
                await _state.ChangeAsync(connection => KeyTable.Put(connection, key));
                _ring = _ring.With(key, _public);
            }

            return change;
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

    private static bool MayBeGiven(KeyRing ring, string secret) =>
        KeySecret.KeyIdOf(secret).IsEmpty && ring.HasGivenSecrets && KeySecret.IsGivable(secret);
}
