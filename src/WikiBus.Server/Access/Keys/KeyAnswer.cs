using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>A key as the API shows it.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Roles">Names of its roles.</param>
/// <param name="Streams">Patterns of the streams that it is limited to; none: all.</param>
/// <param name="Wikis">Wikis that it is limited to.</param>
/// <param name="Domains">Domains that it is limited to.</param>
/// <param name="Networks">Networks that its destinations may target beyond the public ones.</param>
/// <param name="Hosts">Names of hosts that they may target.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="OldSecretValidUntil">When the last secret from before a rotation ends; null if there is none.</param>
/// <param name="Secret">The secret; only in the answer to the request that made it.</param>
internal sealed record KeyAnswer(
    string Id,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Streams,
    IReadOnlyList<string> Wikis,
    IReadOnlyList<string> Domains,
    IReadOnlyList<string> Networks,
    IReadOnlyList<string> Hosts,
    DateTime CreatedAt,
    DateTime? OldSecretValidUntil,
    string? Secret)
{
    public static KeyAnswer Of(AccessKey key, DateTimeOffset now, string? secret = null)
    {
        var old = key.Secrets.Where(hash => hash.IsValidAt(now)).Max(static hash => hash.ValidUntil);
        return new KeyAnswer(
            key.Id, RoleNames.Of(key.Roles), key.Streams, key.Wikis, key.Domains, key.Networks, key.Hosts,
            key.CreatedAt.UtcDateTime, old?.UtcDateTime, secret);
    }
}

/// <summary>The answer to <c>GET /v1/keys</c>.</summary>
/// <param name="Keys">All keys, by id.</param>
internal sealed record KeyList(IReadOnlyList<KeyAnswer> Keys);
