using System.Collections.Frozen;
using System.Diagnostics;
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

    /// <summary>
    /// The ring with one key added or replaced. The callers of a replaced key stay or end with their secrets, so it
    /// must have the same rights.
    /// </summary>
    public KeyRing With(AccessKey key)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        var before = entries.GetValueOrDefault(key.Id);
        Debug.Assert(
            before is null
                || (key.Roles, key.Streams, key.Wikis, key.Domains)
                    == (before.Key.Roles, before.Key.Streams, before.Key.Wikis, before.Key.Domains),
            "A replaced key has the same rights.");
        entries[key.Id] = KeyEntry.Of(key, before, _public, _time);
        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal), _public, _time);
    }

    /// <summary>The ring without a key; the key's callers lose their rights.</summary>
    public KeyRing Without(string id)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        if (entries.Remove(id, out var removed))
        {
            removed.Callers.ForEach(static caller => caller.Revoke());
        }

        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal), _public, _time);
    }

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
