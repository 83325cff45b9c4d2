using System.Collections.Frozen;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>All keys at one moment, for look-ups. Immutable, except that callers can end.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<string, KeyEntry> _entries;

    private readonly PublicRules _public;
    private readonly TimeProvider _time;

    private KeyRing(FrozenDictionary<string, KeyEntry> entries, PublicRules publicRules, TimeProvider time)
    {
        _entries = entries;
        _public = publicRules;
        _time = time;
        HasGivenSecrets = entries.Values
            .SelectMany(static entry => entry.Key.Secrets)
            .Any(static secret => secret.Kind == SecretKind.Given);
    }

    /// <summary>Is there a given secret? Only then does a look-up need a slow hash.</summary>
    public bool HasGivenSecrets { get; }

    public IEnumerable<AccessKey> Keys =>
        _entries.Values.Select(static entry => entry.Key).OrderBy(static key => key.Id, StringComparer.Ordinal);

    public AccessKey? Find(string id) => _entries.TryGetValue(id, out var entry) ? entry.Key : null;

    /// <summary>A ring of keys with different ids.</summary>
    public static KeyRing Of(IEnumerable<AccessKey> keys, PublicRules publicRules, TimeProvider time) => new(
        keys.ToFrozenDictionary(
            static key => key.Id, key => KeyEntry.Of(key, before: null, publicRules, time), StringComparer.Ordinal),
        publicRules,
        time);

    /// <summary>The ring with one key added or replaced.</summary>
    public KeyRing With(AccessKey key)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        entries[key.Id] = KeyEntry.Of(key, entries.GetValueOrDefault(key.Id), _public, _time);
        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal), _public, _time);
    }

    /// <summary>The ring without a key.</summary>
    public KeyRing Without(string id)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        entries.Remove(id);
        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal), _public, _time);
    }

    /// <summary>Takes the rights of this key's callers that the next ring does not have.</summary>
    public void EndCallers(string id, KeyRing next) =>
        _entries.GetValueOrDefault(id)?.End(next._entries.GetValueOrDefault(id));

    /// <summary>The key with this id as the owner of subscriptions; null if there is no such key.</summary>
    public KeyOwner? OwnerOf(string id) => _entries.GetValueOrDefault(id)?.Owner;

    /// <summary>The caller of a key's token; null: there is no such key, or it may have no token.</summary>
    public Caller? PublisherOf(string id) => _entries.GetValueOrDefault(id)?.Publisher;

    /// <summary>The caller with this made secret; null if nobody has it now.</summary>
    public Caller? FindMade(string secret, DateTimeOffset now)
    {
        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(KeySecret.KeyIdOf(secret), out var entry)
            ? entry.Find(SecretKind.Made, KeySecret.FastHash(secret), now)
            : null;
    }

    /// <summary>The caller with the given secret of this hash; null if nobody has it now.</summary>
    public Caller? FindGiven(byte[] hash, DateTimeOffset now)
    {
        Caller? found = null;
        foreach (var entry in _entries.Values)
        {
            // The loop always runs to its end, so that its duration reveals nothing about the key.
            found = entry.Find(SecretKind.Given, hash, now) ?? found;
        }

        return found;
    }
}
