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

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The newest secret first. Secrets from before a rotation have an end.</summary>
    public required IReadOnlyList<SecretHash> Secrets { get; init; }
}

/// <summary>The hash of a secret.</summary>
/// <param name="Kind">How it was hashed.</param>
/// <param name="Hash">32 bytes.</param>
/// <param name="ValidUntil">When it stops being one of the key's secrets; null: not before the next rotation.</param>
internal sealed record SecretHash(SecretKind Kind, byte[] Hash, DateTimeOffset? ValidUntil = null)
{
    public bool IsValidAt(DateTimeOffset time) => ValidUntil is not { } end || time < end;
}
