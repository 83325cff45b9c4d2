using System.Collections.Frozen;

namespace WikiBus.Server.Access;

/// <summary>The keys of one moment, for looking up; immutable but for the revoking of callers.</summary>
internal sealed class KeyRing
{
    public static readonly KeyRing Empty = new(FrozenDictionary<string, KeyEntry>.Empty);

    private readonly FrozenDictionary<string, KeyEntry> _entries;

    private KeyRing(FrozenDictionary<string, KeyEntry> entries)
    {
        _entries = entries;
        HasGivenSecrets = entries.Values
            .SelectMany(static entry => entry.Key.Secrets)
            .Any(static secret => secret.Kind == SecretKind.Given);
    }

    /// <summary>Is there a secret that was not made here, so that looking one up takes a slow hash?</summary>
    public bool HasGivenSecrets { get; }

    public IEnumerable<AccessKey> Keys =>
        _entries.Values.Select(static entry => entry.Key).OrderBy(static key => key.Id, StringComparer.Ordinal);

    public int Count => _entries.Count;

    public AccessKey? Find(string id) => _entries.TryGetValue(id, out var entry) ? entry.Key : null;

    /// <summary>
    /// The ring with one key put in or replaced. Callers of a key with the same rights stay; others lose theirs.
    /// </summary>
    public KeyRing With(AccessKey key, PublicRules publicRules)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        entries[key.Id] = _entries.TryGetValue(key.Id, out var before)
            ? before with { Key = key }
            : new KeyEntry(key, new Caller(key.Id, key.Roles, new Grant(key.Streams, key.Wikis), publicRules));
        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The ring without a key, whose callers lose their rights.</summary>
    public KeyRing Without(string id)
    {
        var entries = _entries.ToDictionary(StringComparer.Ordinal);
        if (entries.Remove(id, out var removed))
        {
            removed.Caller.Revoke();
        }

        return new KeyRing(entries.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Who has this secret, made here; null when nobody has it now.</summary>
    public Caller? FindMade(string secret, DateTimeOffset now)
    {
        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(KeySecret.KeyIdOf(secret), out var entry)
            && HasSecret(entry.Key, SecretKind.Made, KeySecret.FastHash(secret), now)
            ? entry.Caller
            : null;
    }

    /// <summary>Who has the given secret with this hash; null when nobody has it now.</summary>
    public Caller? FindGiven(byte[] hash, DateTimeOffset now)
    {
        Caller? found = null;
        foreach (var entry in _entries.Values)
        {
            // No way out of the loop: how long it takes tells nothing about the place of the key.
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
