namespace WikiBus.Server.Access.Networks;

/// <summary>What a request's headers reveal about the way that it took.</summary>
[Flags]
internal enum RequestTrace
{
    None = 0,

    /// <summary>A page in a browser sent it: <c>Origin</c> or <c>Sec-Fetch-Site</c>.</summary>
    Browser = 1,

    /// <summary>
    /// A proxy passed it on: <c>Forwarded</c>, <c>X-Forwarded-…</c>, <c>Via</c> or <c>X-Real-IP</c>.
    /// </summary>
    Forwarded = 2,
}
