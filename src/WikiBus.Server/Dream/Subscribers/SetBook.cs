using System.Collections.Immutable;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>All sets at one moment, by location and by owner, and the version of the combined set. Immutable.</summary>
internal sealed class SetBook
{
    private readonly ImmutableSortedDictionary<long, StoredSet> _byNumber;
    private readonly ImmutableDictionary<string, long> _byLocation;
    private readonly ImmutableDictionary<string, long> _byOwner;

    private SetBook(
        ImmutableSortedDictionary<long, StoredSet> byNumber, ImmutableDictionary<string, long> byLocation,
        ImmutableDictionary<string, long> byOwner, long version)
    {
        (_byNumber, _byLocation, _byOwner, Version) = (byNumber, byLocation, byOwner, version);
    }

    /// <summary>Grows with each change.</summary>
    public long Version { get; }

    /// <summary>In the order of their creation.</summary>
    public IEnumerable<StoredSet> All => _byNumber.Values;

    public static SetBook Of(IReadOnlyList<StoredSet> sets, long version) => new(
        sets.ToImmutableSortedDictionary(static set => set.Number, static set => set),
        sets.ToImmutableDictionary(static set => set.Location, static set => set.Number, StringComparer.Ordinal),
        sets.ToImmutableDictionary(OwnerOf, static set => set.Number, StringComparer.Ordinal), version);

    /// <summary>The set at a location; null if there is none.</summary>
    public StoredSet? Find(string location) =>
        _byLocation.TryGetValue(location, out var number) ? _byNumber[number] : null;

    /// <summary>The set of an owner; null if it has none.</summary>
    /// <param name="owner">The URI of the owner.</param>
    /// <param name="keyId">Who asks. The sets of the configuration are apart: a linked service is the owner of one, and
    /// may subscribe by itself, too.</param>
    public StoredSet? FindOwned(string owner, string keyId) =>
        _byOwner.TryGetValue(OwnerOf(owner, keyId), out var number) ? _byNumber[number] : null;

    /// <summary>Do two sets have the same owner?</summary>
    public static bool IsSameOwner(SubscriptionSet set, SubscriptionSet other) =>
        ComparableOf(set.Owner) == ComparableOf(other.Owner);

    /// <summary>With a set that is new, or replaces the one with its number.</summary>
    /// <param name="set">The set.</param>
    /// <param name="isChange">Does it change the combined set?</param>
    public SetBook With(StoredSet set, bool isChange)
    {
        var owners = _byNumber.TryGetValue(set.Number, out var before) ? _byOwner.Remove(OwnerOf(before)) : _byOwner;
        return new SetBook(
            _byNumber.SetItem(set.Number, set), _byLocation.SetItem(set.Location, set.Number),
            owners.SetItem(OwnerOf(set), set.Number), Version + (isChange ? 1 : 0));
    }

    public SetBook WithNextVersion() => new(_byNumber, _byLocation, _byOwner, Version + 1);

    public SetBook Without(StoredSet set) => new(
        _byNumber.Remove(set.Number), _byLocation.Remove(set.Location), _byOwner.Remove(OwnerOf(set)), Version + 1);

    private static string OwnerOf(StoredSet set) => OwnerOf(set.Set.Owner, set.KeyId);

    private static string OwnerOf(string owner, string keyId) =>
        (keyId == Caller.ConfigurationId ? "link " : "") + ComparableOf(owner);

    private static string ComparableOf(string owner) =>
        DreamUri.TryParse(owner, out var uri) ? uri.Comparable : owner;
}
