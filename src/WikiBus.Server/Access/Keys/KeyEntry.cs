using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// A key, and a caller for each of its secrets, which all requests with that secret share. So streams that were opened
/// with a secret end when it does.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Callers">In the order of the key's secrets.</param>
internal sealed record KeyEntry(AccessKey Key, List<Caller> Callers)
{
    /// <summary>The entry of a key. It keeps the callers of the entry before it; those without a secret end.</summary>
    public static KeyEntry Of(AccessKey key, KeyEntry? before, PublicRules publicRules, TimeProvider time)
    {
        var entry = new KeyEntry(key, []);
        foreach (var secret in key.Secrets)
        {
            var caller = before?.CallerOf(secret)
                ?? new Caller(key.Id, key.Roles, new Grant(key.Streams, key.Wikis, key.Domains), publicRules);
            if (secret.ValidUntil is { } end)
            {
                caller.EndAt(end, time);
            }

            entry.Callers.Add(caller);
        }

        before?.Callers.Except(entry.Callers).ToList().ForEach(static caller => caller.Revoke());
        return entry;
    }

    /// <summary>The caller with the secret of this hash; null if the key does not have it now.</summary>
    public Caller? Find(SecretKind kind, byte[] hash, DateTimeOffset now)
    {
        Caller? found = null;
        for (var index = 0; index < Callers.Count; index++)
        {
            var secret = Key.Secrets[index];
            if (secret.Kind == kind && secret.IsValidAt(now) && KeySecret.IsEqual(secret.Hash, hash))
            {
                found = Callers[index];
            }
        }

        return found;
    }

    private Caller? CallerOf(SecretHash secret)
    {
        var index = Key.Secrets.ToList().FindIndex(
            own => own.Kind == secret.Kind && own.Hash.SequenceEqual(secret.Hash));
        return index < 0 ? null : Callers[index];
    }
}
