using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>A key as the state database keeps it: what it may do, and the hashes of its secrets.</summary>
internal sealed record AccessKey
{
    /// <summary>The permanent name of the key: <see cref="KeyRules.IsValidId"/>.</summary>
    public required string Id { get; init; }

    public required Role Roles { get; init; }

    /// <summary>Patterns of the streams that it is limited to; none: all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Wikis that it is limited to (see <see cref="Grant"/>).</summary>
    public IReadOnlyList<string> Wikis { get; init; } = [];

    /// <summary>Domains that it is limited to.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>
    /// Networks that its destinations may target beyond the public ones: <see cref="KeyDestinations.FindNetwork"/>.
    /// </summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>The same for host names: <see cref="KeyDestinations.FindHost"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The newest secret first. Secrets from before a rotation have an end.</summary>
    public required IReadOnlyList<SecretHash> Secrets { get; init; }

    /// <summary>May both do and read the same?</summary>
    public bool HasSameRights(AccessKey other) =>
        Roles == other.Roles
        && Streams.SequenceEqual(other.Streams)
        && Wikis.SequenceEqual(other.Wikis)
        && Domains.SequenceEqual(other.Domains);

    /// <summary>May the destinations of both target the same?</summary>
    public bool HasSameDestinations(AccessKey other) =>
        Networks.SequenceEqual(other.Networks) && Hosts.SequenceEqual(other.Hosts);
}

/// <summary>The hash of a secret.</summary>
/// <param name="Kind">How it was hashed.</param>
/// <param name="Hash">32 bytes.</param>
/// <param name="ValidUntil">When it stops being one of the key's secrets; null: not before the next rotation.</param>
internal sealed record SecretHash(SecretKind Kind, byte[] Hash, DateTimeOffset? ValidUntil = null)
{
    public bool IsValidAt(DateTimeOffset time) => ValidUntil is not { } end || time < end;
}
