namespace WikiBus.Server.Access.Keys;

/// <summary>The body of <c>POST /v1/keys/{id}/rotate</c>, which may be empty.</summary>
internal sealed record RotateRequest
{
    /// <summary>A new secret that others already have; missing: the bus makes one.</summary>
    public string? Secret { get; init; }

    /// <summary>How many seconds the old secret stays valid; missing: <c>Access:RotationOverlap</c>.</summary>
    public double? OverlapSeconds { get; init; }
}
