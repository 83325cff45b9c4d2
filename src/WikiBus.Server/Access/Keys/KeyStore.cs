using System.Net;
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
    private readonly TimeProvider _time;
    private readonly SlowHashes _slowHashes;
    private readonly PublishTokens _tokens;
    private readonly ConfiguredPublishers _configured;
    private readonly Caller _configuration;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile KeyRing _ring;

    /// <param name="state">The database, with the tables of <see cref="KeyTable.Schema"/>.</param>
    /// <param name="admin">The admin key, which is never in the database.</param>
    /// <param name="limits">What an operator sets.</param>
    /// <param name="publicRules">What every caller may read.</param>
    /// <param name="configured">Who gets tokens without a key.</param>
    /// <param name="time">The clock.</param>
    public KeyStore(
        StateDatabase state, AccessKey admin, KeyLimits limits, PublicRules publicRules,
        ConfiguredPublishers configured, TimeProvider time)
    {
        _state = state;
        _limits = limits;
        _time = time;
        _slowHashes = new SlowHashes(state.Read(KeyTable.ReadSalt), limits, time);
        _tokens = new PublishTokens(state.Read(KeyTable.ReadTokenSecret));
        _configured = configured;
        _configuration = new Caller(Caller.ConfigurationId, Role.Publish, Grant.All, publicRules);
        _ring = KeyRing.Of(state.Read(KeyTable.Read).Prepend(admin), publicRules, time);
    }

    /// <summary>
    /// Raised with the id of a key that was replaced or revoked, after the change is durable and valid. It runs in the
    /// call that made the change.
    /// </summary>
    public event Action<string>? Changed;

    /// <summary>All keys but the admin key, by id.</summary>
    public IEnumerable<AccessKey> List() => _ring.Keys.Where(static key => key.Id != AdminKey.Id);

    /// <summary>
    /// The token with which another service publishes for a key, or for an entry of the configuration, see
    /// <see cref="PublishTokens"/>. Null: there is no such key or entry, or it may not publish.
    /// </summary>
    public string? FindPublishToken(string id) => FindPublisher(id) is null ? null : _tokens.Make(id);

    /// <inheritdoc cref="PublishTokens.Derive"/>
    public string DeriveSecret(string purpose) => _tokens.Derive(purpose);

    /// <summary>The caller with this secret. A made secret, or a token, is judged immediately.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="network">Who presents it.</param>
    /// <param name="cancellationToken">Ends the wait for a judgement.</param>
    public ValueTask<KeyJudgement> FindCallerAsync(
        string secret, IPAddress network, CancellationToken cancellationToken) =>
        PublishTokens.IsToken(secret) ? new(new KeyJudgement(FindByToken(secret)))
        : !KeySecret.KeyIdOf(secret).IsEmpty ? new(new KeyJudgement(_ring.FindMade(secret, _time.GetUtcNow())))
        : !_ring.HasGivenSecrets || !KeySecret.IsGivable(secret) ? new(new KeyJudgement(Caller: null))
        : FindGivenAsync(secret, network, cancellationToken);

    /// <summary>
    /// The key with this id as the owner of subscriptions, also the admin key; null if there is no such key now.
    /// </summary>
    public KeyOwner? OwnerOf(string id) => _ring.OwnerOf(id);

    /// <summary>Makes a key from a request in which <see cref="KeyRules"/> found no fault.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<KeyChange> CreateAsync(KeyRequest request) => ChangeAsync(request.Secret, async ring =>
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

        var isRevoked = false;
        var revokedCount = 0L;
        await _state.ChangeAsync(connection =>
        {
            isRevoked = KeyTable.IsRevoked(connection, id);
            revokedCount = KeyTable.CountRevoked(connection);
        });
        if (isRevoked || revokedCount >= KeyTable.RevokedIdCountMax)
        {
            return new KeyChange(isRevoked ? KeyOutcome.IdRevoked : KeyOutcome.RevokedFull);
        }

        if (await NewSecretAsync(id, request.Secret, ring) is not { } secret)
        {
            return new KeyChange(KeyOutcome.SecretTaken);
        }

        var key = new AccessKey
        {
            Id = id,
            Roles = Role.None,
            CreatedAt = _time.GetUtcNow(),
            Secrets = [secret.Hash],
        };
        return new KeyChange(KeyOutcome.Done, WithRightsOf(request, key), secret.Made);
    });

    /// <summary>
    /// Replaces what a key may do by a request in which <see cref="KeyRules"/> found no fault; its secrets stay. If its
    /// rights change, open streams of the key end.
    /// </summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public async Task<KeyChange> ReplaceAsync(string id, KeyRequest request) => Announce(
        await ChangeAsync(givenSecret: null, ring => Task.FromResult(
            id == AdminKey.Id || ring.Find(id) is not { } key
                ? new KeyChange(KeyOutcome.NotFound)
                : new KeyChange(KeyOutcome.Done, WithRightsOf(request, key)))));

    /// <summary>
    /// Gives a key a new secret. Its older secrets end after the overlap, or earlier if an earlier end was set. Streams
    /// that were opened with them end, too.
    /// </summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<KeyChange> RotateAsync(string id, string? givenSecret, TimeSpan? overlap) =>
        ChangeAsync(givenSecret, async ring =>
    {
        if (id == AdminKey.Id || ring.Find(id) is not { } key)
        {
            return new KeyChange(KeyOutcome.NotFound);
        }

        if (await NewSecretAsync(id, givenSecret, ring) is not { } secret)
        {
            return new KeyChange(KeyOutcome.SecretTaken);
        }

        var now = _time.GetUtcNow();
        var end = now + (overlap ?? _limits.RotationOverlap);
        var old = key.Secrets
            .Select(old => old.ValidUntil < end ? old : old with { ValidUntil = end })
            .Where(old => old.IsValidAt(now));
        return new KeyChange(KeyOutcome.Done, key with { Secrets = [secret.Hash, .. old] }, secret.Made);
    });

    /// <summary>Removes a key immediately, also for open connections. No other key can get its id.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public async Task<KeyChange> RevokeAsync(string id) => Announce(await InTurnAsync(async () =>
    {
        if (id == AdminKey.Id || _ring.Find(id) is not { } key)
        {
            return new KeyChange(KeyOutcome.NotFound);
        }

        await _state.ChangeAsync(connection => KeyTable.Revoke(connection, id));
        Use(_ring.Without(id), id);
        return new KeyChange(KeyOutcome.Done, key);
    }));

    public void Dispose() => _changing.Dispose();

    private Caller? FindByToken(string token) =>
        _tokens.KeyIdOf(token) is { } id ? FindPublisher(id) : null;

    private Caller? FindPublisher(string id) =>
        _configured.Ids.Contains(id) ? _configuration : _ring.PublisherOf(id);

    private async ValueTask<KeyJudgement> FindGivenAsync(
        string secret, IPAddress network, CancellationToken cancellationToken)
    {
        if (await _slowHashes.HashAsync(secret, network, cancellationToken) is not { } hash)
        {
            return new KeyJudgement(Caller: null, IsJudged: false);
        }

        var caller = _ring.FindGiven(hash, _time.GetUtcNow());
        if (caller is not null)
        {
            _slowHashes.MarkRight(secret, hash);
        }

        return new KeyJudgement(caller);
    }

    private Task<KeyChange> ChangeAsync(string? givenSecret, Func<KeyRing, Task<KeyChange>> decide) =>
        InTurnAsync(async () =>
    {
        var change = await decide(_ring);
        if (change.Key is { } key)
        {
            // A key becomes valid only when it is durable.
            await _state.ChangeAsync(connection => KeyTable.Put(connection, key));
            Use(_ring.With(key), key.Id);
            if (givenSecret is not null)
            {
                _slowHashes.MarkRight(givenSecret, key.Secrets[0].Hash);
            }
        }

        return change;
    });

    /// <summary>
    /// Takes the next ring, which differs in one key, and then ends callers: a new request must not find one that has
    /// ended.
    /// </summary>
    private void Use(KeyRing next, string id)
    {
        var before = _ring;
        _ring = next;
        before.EndCallers(id, next);
    }

    private KeyChange Announce(KeyChange change)
    {
        if (change.Key is { } key)
        {
            Changed?.Invoke(key.Id);
        }

        return change;
    }

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

    private static AccessKey WithRightsOf(KeyRequest request, AccessKey key)
    {
        RoleNames.TryParse(request.Roles ?? [], out var roles);
        return key with
        {
            Roles = roles,
            Streams = request.Streams ?? [],
            Wikis = request.Wikis ?? [],
            Domains = request.Domains ?? [],
            Networks = [.. (request.Networks ?? []).Select(KeyDestinations.FindNetwork).OfType<string>().Distinct()],
            Hosts = [.. (request.Hosts ?? []).Select(KeyDestinations.FindHost).OfType<string>().Distinct()],
        };
    }

    // Null: another key has the given secret.
    private async Task<NewSecret?> NewSecretAsync(string id, string? givenSecret, KeyRing ring)
    {
        if (givenSecret is null)
        {
            var made = KeySecret.Make(id);
            return new NewSecret(new SecretHash(SecretKind.Made, KeySecret.FastHash(made)), made);
        }

        var hash = await _slowHashes.HashGivenAsync(givenSecret);
        return ring.FindGiven(hash, _time.GetUtcNow()) is null
            ? new NewSecret(new SecretHash(SecretKind.Given, hash))
            : null;
    }

    private sealed record NewSecret(SecretHash Hash, string? Made = null);

    private static string MakeId() => "key-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MadeIdBytes));
}

/// <summary>What is known about a presented secret.</summary>
/// <param name="Caller">Who has it now; null: nobody, or it is not judged.</param>
/// <param name="IsJudged">False: too many unknown secrets wait for their judgement.</param>
internal readonly record struct KeyJudgement(Caller? Caller, bool IsJudged = true);

/// <summary>The limits that an operator sets.</summary>
/// <param name="CountMax">Most keys, without the admin key.</param>
/// <param name="RotationOverlap">How long a rotated secret stays valid, unless the request says otherwise.</param>
/// <param name="SlowHashesPerSecondMax">Most slow hashes of presented secrets per second, in all.</param>
internal sealed record KeyLimits(int CountMax, TimeSpan RotationOverlap, int SlowHashesPerSecondMax);

/// <summary>The result of a change of the keys.</summary>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Key">The key after the change, or the revoked key; null unless the change was done.</param>
/// <param name="Secret">The secret that the change made, if any. The bus cannot show it again.</param>
internal sealed record KeyChange(KeyOutcome Outcome, AccessKey? Key = null, string? Secret = null);
