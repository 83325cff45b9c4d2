namespace WikiBus.Server.Access;

/// <summary>A key as it is kept: what it may do and the hashes of its secrets, never a secret.</summary>
internal sealed record AccessKey
{
    /// <summary>Name of the key, for ever: <see cref="KeyRules.IsValidId"/>.</summary>
    public required string Id { get; init; }

    public required Role Roles { get; init; }

    /// <summary>Patterns of the streams that it is limited to; none: all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Wikis (or domains) that it is limited to; none: all.</summary>
    public IReadOnlyList<string> Wikis { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The newest secret first; those with an end are the ones before a rotation.</summary>
    public required IReadOnlyList<SecretHash> Secrets { get; init; }
}
