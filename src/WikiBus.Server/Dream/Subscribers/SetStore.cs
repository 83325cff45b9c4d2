using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>The subscription sets, in the state database and in memory. Safe for concurrent use.</summary>
/// <remarks>
/// A change has two steps: (1) the row of the set is written, (2) the subscriptions of the engine are made to agree. A
/// crash between them leaves an engine that differs, and the next start repeats step 2. When step 2 fails, the caller
/// gets an error, and its next attempt repeats it. A deletion does step 2 first, because its caller could not repeat it
/// without the set.
/// </remarks>
internal sealed class SetStore : IDisposable
{
    /// <summary>A change that waits longer for the ones before it fails.</summary>
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(5);

    private readonly StateDatabase _state;
    private readonly SetDestinations _destinations;
    private readonly SubscriptionOwners _owners;
    private readonly DreamOptions _options;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile SetBook _book;

    /// <param name="state">The database, with the tables of <see cref="SetTable.Schema"/>.</param>
    /// <param name="destinations">The subscriptions of the engine.</param>
    /// <param name="owners">The keys that exist.</param>
    /// <param name="options">The options.</param>
    public SetStore(
        StateDatabase state, SetDestinations destinations, SubscriptionOwners owners, DreamOptions options)
    {
        _state = state;
        _destinations = destinations;
        _owners = owners;
        _options = options;
        _book = SetBook.Of(state.Read(SetTable.Read), state.Read(SetTable.ReadVersion));
    }

    /// <summary>Raised after each change of the sets, in the call that made it.</summary>
    public event Action? Changed;

    /// <summary>How much the sets of a key may add to the combined set.</summary>
    public SetSize SizeOf(string keyId) => IsOfService(keyId) ? SetSize.OfService : SetSize.OfKey;

    /// <summary>Are the sets of a key those of other services?</summary>
    public bool IsOfService(string keyId) => keyId == Caller.ConfigurationId
        || (_owners.Find(keyId)?.Caller.Roles & (Role.Chain | Role.Manage)) is not (null or Role.None);

    /// <summary>Does the key of a set exist?</summary>
    public bool IsUsable(StoredSet set) => _owners.Exists(set.KeyId);

    /// <summary>The sets now.</summary>
    public SetBook Book => _book;

    /// <summary>
    /// Adds a set. If its owner or location is taken, the set that has it is not changed. But a set whose key was
    /// revoked gets nothing any more, and makes room: so a client with a new key can register again.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="keyId">The id of the key that creates it.</param>
    /// <param name="location">The location that the client chose; null: a new one.</param>
    /// <param name="accessKey">The access key that the client chose; null: a new one.</param>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SetOutcome> CreateAsync(SubscriptionSet set, string keyId, string? location, string? accessKey) =>
        InTurnAsync(async () =>
    {
        StoredSet?[] inTheWay = [_book.FindOwned(set.Owner, keyId), location is null ? null : _book.Find(location)];
        if (Array.Find(inTheWay, one => one is not null && _owners.Exists(one.KeyId)) is { } taken)
        {
            if (taken.KeyId == keyId)
            {
                await _destinations.AgreeAsync(taken, isProbe: true);
            }

            return new SetOutcome(SetOutcomeKind.Taken, taken);
        }

        if (_book.All.Count(one => one.KeyId == keyId) >= _options.SetsPerKeyMax)
        {
            return new SetOutcome(SetOutcomeKind.TooManySets);
        }

        if (!HasRoom(set, keyId, before: null))
        {
            return new SetOutcome(SetOutcomeKind.TooLarge);
        }

        foreach (var ended in inTheWay.OfType<StoredSet>().Distinct())
        {
            await RemoveAsync(ended);
        }

        var added = new StoredSet(
            0, location ?? FreeLocation(), keyId, accessKey ?? SetKeys.MakeAccessKey(), set,
            DestinationNumbers.Assign(new Dictionary<int, string>(), UrisOf(set)));
        var number = 0L;
        await _state.ChangeAsync(connection => number = SetTable.Add(connection, added));
        added = added with { Number = number };
        await AgreeAndUseAsync(added, isProbe: false, isChange: true);
        return new SetOutcome(SetOutcomeKind.Done, added);
    });

    /// <summary>Replaces a set, and tries destinations again that are down.</summary>
    /// <param name="location">Its location.</param>
    /// <param name="set">The new set.</param>
    /// <param name="accessKey">The new access key; null: the same.</param>
    /// <param name="isForced">Also replaces a newer version, and one of another owner or failure type.</param>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SetOutcome> ReplaceAsync(
        string location, SubscriptionSet set, string? accessKey, bool isForced = false) => InTurnAsync(async () =>
    {
        if (_book.Find(location) is not { } before)
        {
            return new SetOutcome(SetOutcomeKind.NotFound);
        }

        if (IsNotNewer(before, set.Version) && !isForced)
        {
            return new SetOutcome(SetOutcomeKind.NotNewer, before);
        }

        if (!SetBook.IsSameOwner(set, before.Set)
            && (!isForced || _book.FindOwned(set.Owner, before.KeyId) is not null))
        {
            return new SetOutcome(SetOutcomeKind.OtherOwner, before);
        }

        if (set.IsStrict != before.Set.IsStrict && !isForced)
        {
            return new SetOutcome(SetOutcomeKind.OtherFailureType, before);
        }

        if (!HasRoom(set, before.KeyId, before))
        {
            return new SetOutcome(SetOutcomeKind.TooLarge, before);
        }

        var after = before with
        {
            Set = set,
            AccessKey = accessKey ?? before.AccessKey,
            Destinations = DestinationNumbers.Assign(before.Destinations, UrisOf(set)),
        };
        // Else two services that are linked with each other would tell each other of changes for ever.
        var isChange = !SetWriter.IsSame(before.Set, set);
        await _state.ChangeAsync(connection => SetTable.Replace(connection, after, isChange));
        await AgreeAndUseAsync(after, isProbe: true, isChange);
        return new SetOutcome(SetOutcomeKind.Done, after);
    });

    /// <summary>Repeats what a replacement of a set with the same version may have left undone.</summary>
    /// <param name="location">Its location.</param>
    /// <param name="isProbe">Also tries destinations again that are down.</param>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task ConfirmAsync(string location, bool isProbe) => InTurnAsync(
        () => _book.Find(location) is { } set
            ? _destinations.AgreeAsync(set, isProbe)
            : Task.FromResult(false));

    /// <summary>Is a document with this version too old to replace the set? Without a version it never is.</summary>
    public static bool IsNotNewer(StoredSet set, long? version) => version <= set.Set.Version;

    /// <summary>Deletes a set with what waits for its destinations.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<SetOutcome> DeleteAsync(string location) => InTurnAsync(async () =>
    {
        if (_book.Find(location) is not { } set)
        {
            return new SetOutcome(SetOutcomeKind.NotFound);
        }

        await RemoveAsync(set);
        return new SetOutcome(SetOutcomeKind.Done, set);
    });

    /// <summary>Counts a change of the combined set that no set made: a key was changed or revoked.</summary>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<bool> CountChangeAsync() => InTurnAsync(async () =>
    {
        await _state.ChangeAsync(SetTable.CountChange);
        Use(_book.WithNextVersion());
        return true;
    });

    /// <summary>Makes the engine agree with all sets, after a start.</summary>
    /// <returns>The locations of the sets that differed.</returns>
    /// <exception cref="StateException">It could not be stored.</exception>
    public Task<IReadOnlyList<string>> AgreeAsync() => InTurnAsync<IReadOnlyList<string>>(async () =>
    {
        await _destinations.RemoveOthersAsync(_book.All);
        var differed = new List<string>();
        foreach (var set in _book.All)
        {
            if (await _destinations.AgreeAsync(set, isProbe: false))
            {
                differed.Add(set.Location);
            }
        }

        return differed;
    });

    public void Dispose() => _changing.Dispose();

    // Whoever sees the set may rely on its deliveries. The row is there also if the engine could not be changed.
    private async Task AgreeAndUseAsync(StoredSet set, bool isProbe, bool isChange)
    {
        try
        {
            await _destinations.AgreeAsync(set, isProbe);
        }
        finally
        {
            Use(_book.With(set, isChange));
        }
    }

    private bool HasRoom(SubscriptionSet set, string keyId, StoredSet? before) => SizeOf(keyId).Includes(
        _book.All.Where(one => one.KeyId == keyId && keyId != Caller.ConfigurationId && !ReferenceEquals(one, before))
            .Select(static one => one.Set).Append(set));

    private async Task RemoveAsync(StoredSet set)
    {
        await _destinations.RemoveAsync(set);
        await _state.ChangeAsync(connection => SetTable.Delete(connection, set.Location));
        Use(_book.Without(set));
    }

    private void Use(SetBook book)
    {
        _book = book;
        Changed?.Invoke();
    }

    private static IEnumerable<string> UrisOf(SubscriptionSet set) =>
        set.Subscriptions.Select(static subscription => subscription.Destination);

    private string FreeLocation()
    {
        while (true)
        {
            var location = SetKeys.MakeLocation();
            if (_book.Find(location) is null)
            {
                return location;
            }
        }
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> change)
    {
        if (!await _changing.WaitAsync(s_waitMax))
        {
            throw new StateException($"Other changes of sets take more than {s_waitMax.TotalSeconds} s.");
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
}
