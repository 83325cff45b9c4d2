namespace WikiBus.Server.Access.Keys;

/// <summary>The body of <c>POST /v1/keys</c> and <c>PUT /v1/keys/{id}</c>.</summary>
internal sealed record KeyRequest
{
    /// <summary>The key's id; missing: the bus makes one.</summary>
    public string? Id { get; init; }

    /// <summary>Names of roles, at least one.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Patterns of the streams that the key is limited to; none: all.</summary>
    public IReadOnlyList<string>? Streams { get; init; }

    /// <summary>Wikis that the key is limited to.</summary>
    public IReadOnlyList<string>? Wikis { get; init; }

    /// <summary>Domains that the key is limited to. Without wikis and domains, it has no limit by wiki.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>Networks that the key's destinations may target beyond the public ones.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>Names of hosts that they may target.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>A secret that others already have; missing: the bus makes one.</summary>
    public string? Secret { get; init; }
}
