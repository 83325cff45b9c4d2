using System.Collections.Frozen;
using System.Diagnostics;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>All keys at one moment, for look-ups. Immutable, except that callers can be revoked.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<string, KeyEntry> _entries;

    private KeyRing(FrozenDictionary<string, KeyEntry> entries)
    {
        _entries = entries;
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
    public static KeyRing Of(IEnumerable<AccessKey> keys, PublicRules publicRules) => new(keys.ToFrozenDictionary(
        static key => key.Id, key => NewEntry(key, publicRules), StringComparer.Ordinal));

    /// <summary>
    /// The ring with one key added or replaced. A replaced key keeps its caller, so it must have the same rights.
    /// </summary>
    public KeyRing With(AccessKey key, PublicRules publicRules)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        if (entries.TryGetValue(key.Id, out var before))
        {
            Debug.Assert(
                (key.Roles, key.Streams, key.Wikis) == (before.Key.Roles, before.Key.Streams, before.Key.Wikis),
                "A replaced key has the same rights.");
            entries[key.Id] = before with { Key = key };
        }
        else
        {
            entries[key.Id] = NewEntry(key, publicRules);
        }

        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static KeyEntry NewEntry(AccessKey key, PublicRules publicRules) =>
        new(key, new Caller(key.Id, key.Roles, new Grant(key.Streams, key.Wikis), publicRules));

    /// <summary>The ring without a key; the key's caller loses its rights.</summary>
    public KeyRing Without(string id)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        if (entries.Remove(id, out var removed))
        {
            removed.Caller.Revoke();
        }

        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The caller with this made secret; null if nobody has it now.</summary>
    public Caller? FindMade(string secret, DateTimeOffset now)
    {
        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(KeySecret.KeyIdOf(secret), out var entry)
            && HasSecret(entry.Key, SecretKind.Made, KeySecret.FastHash(secret), now)
            ? entry.Caller
            : null;
    }

    /// <summary>The caller with the given secret of this hash; null if nobody has it now.</summary>
    public Caller? FindGiven(byte[] hash, DateTimeOffset now)
    {
        Caller? found = null;
        foreach (var entry in _entries.Values)
        {
            // The loop always runs to its end, so that its duration reveals nothing about the key.
            found = HasSecret(entry.Key, SecretKind.Given, hash, now) ? entry.Caller : found;
        }

        return found;
    }

    private static bool HasSecret(AccessKey key, SecretKind kind, byte[] hash, DateTimeOffset now)
    {
        var isFound = false;
        foreach (var secret in key.Secrets)
        {
            isFound |= secret.Kind == kind && secret.IsValidAt(now) && KeySecret.IsEqual(secret.Hash, hash);
        }

        return isFound;
    }
}

/// <summary>A key and the one caller that all requests with it share.</summary>
internal sealed record KeyEntry(AccessKey Key, Caller Caller);
