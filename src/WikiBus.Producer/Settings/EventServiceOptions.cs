namespace WikiBus.Producer;

/// <summary>A service that takes events by <c>POST</c>, such as WikiBus or EventGate.</summary>
public sealed class EventServiceOptions
{
    /// <summary>Where events are posted, as <c>http://localhost:8192/v1/events</c> (<c>url</c>).</summary>
    public string Url { get; set; } = "";

    /// <summary>How long an answer may take (<c>timeout</c>); 10 s by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether requests have the header <c>x-client-ip</c> (<c>x_client_ip_forwarding_enabled</c>): the address of the
    /// wiki's client. For <c>Rel139</c> it is the header <c>X-Client-IP</c> that the wiki itself got, if any.
    /// </summary>
    public bool ForwardsClientIp { get; set; }

    /// <summary>The access key, which is sent as <c>Authorization: Bearer</c>; null sends none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Further headers of each request.</summary>
    public IDictionary<string, string> Headers { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
