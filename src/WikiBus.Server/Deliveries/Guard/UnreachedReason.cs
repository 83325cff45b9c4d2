namespace WikiBus.Server.Deliveries.Guard;

/// <summary>Why there was no connection to a target.</summary>
internal enum UnreachedReason
{
    /// <summary>The guard blocked all addresses of the target.</summary>
    Guard,

    /// <summary>The target, or the network on the way, refused the connection.</summary>
    Refused,

    /// <summary>The host name has no address, or the lookup failed.</summary>
    NameResolution,

    /// <summary>TLS failed: its certificate is not trusted or has another name, or the target speaks no TLS.</summary>
    Tls,

    /// <summary>No address answered within <c>Deliveries:ConnectTimeout</c>.</summary>
    ConnectTimeout,
}
