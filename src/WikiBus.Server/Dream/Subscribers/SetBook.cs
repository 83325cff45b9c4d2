using System.Collections.Immutable;
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
    public StoredSet? FindOwned(string owner) =>
        _byOwner.TryGetValue(ComparableOf(owner), out var number) ? _byNumber[number] : null;

    /// <summary>With a set that is new, or replaces the one with its number, which has the same owner.</summary>
    public SetBook With(StoredSet set) => new(
        _byNumber.SetItem(set.Number, set), _byLocation.SetItem(set.Location, set.Number),
        _byOwner.SetItem(OwnerOf(set), set.Number), Version + 1);

    public SetBook Without(StoredSet set) => new(
        _byNumber.Remove(set.Number), _byLocation.Remove(set.Location), _byOwner.Remove(OwnerOf(set)), Version + 1);

    private static string OwnerOf(StoredSet set) => ComparableOf(set.Set.Owner);

    private static string ComparableOf(string owner) =>
        DreamUri.TryParse(owner, out var uri) ? uri.Comparable : owner;
}
