using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>
/// A key, and a caller for each of its secrets, which all requests with that secret share. So streams that were opened
/// with a secret end when it does.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Callers">In the order of the key's secrets.</param>
/// <param name="Owner">What its subscriptions may do.</param>
/// <param name="Publisher">The caller of the key's token; null: the key may have none.</param>
internal sealed record KeyEntry(AccessKey Key, List<Caller> Callers, KeyOwner Owner, Caller? Publisher)
{
    /// <summary>A key with one of these roles may have a token.</summary>
    private const Role TokenRoles = Role.Publish | Role.Chain | Role.Manage;

    /// <summary>
    /// The entry of a key. It keeps the callers of the entry before it, unless the key's rights have changed.
    /// </summary>
    public static KeyEntry Of(AccessKey key, KeyEntry? before, PublicRules publicRules, TimeProvider time)
    {
        var same = before?.Key.HasSameRights(key) == true ? before : null;
        var owner = same?.Key.HasSameDestinations(key) == true
            ? same.Owner
            : new KeyOwner(CallerFor(key, key.Roles, publicRules), key.Networks, key.Hosts);
        var publisher = (key.Roles & TokenRoles) == 0 ? null
            : same?.Publisher ?? CallerFor(key, Role.Publish, publicRules);
        var entry = new KeyEntry(key, [], owner, publisher);
        foreach (var secret in key.Secrets)
        {
            var caller = same?.CallerOf(secret) ?? CallerFor(key, key.Roles, publicRules);
            if (secret.ValidUntil is { } end)
            {
                caller.EndAt(end, time);
            }

            entry.Callers.Add(caller);
        }

        return entry;
    }

    /// <summary>Takes the rights of the callers that the next entry of this key does not have.</summary>
    /// <param name="next">Null: the key was revoked.</param>
    public void End(KeyEntry? next)
    {
        foreach (var caller in AllCallers.Except(next?.AllCallers ?? []))
        {
            caller.Revoke();
        }
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

    private IEnumerable<Caller> AllCallers => Callers.Append(Owner.Caller).Concat(Publisher is null ? [] : [Publisher]);

    private static Caller CallerFor(AccessKey key, Role roles, PublicRules publicRules) =>
        new(key.Id, roles, new Grant(key.Streams, key.Wikis, key.Domains), publicRules);

    private Caller? CallerOf(SecretHash secret)
    {
        var index = Key.Secrets.ToList().FindIndex(
            own => own.Kind == secret.Kind && own.Hash.SequenceEqual(secret.Hash));
        return index < 0 ? null : Callers[index];
    }
}
