namespace WikiBus.Server.Deliveries.Guard;

/// <summary>The connections of one owner. Its members, except <see cref="Invoker"/>, need the pool's lock.</summary>
internal sealed class GuardedClient(HttpMessageInvoker invoker, TargetNetworks networks)
{
    public HttpMessageInvoker Invoker { get; } = invoker;

    /// <summary>What the owner may target; the connections are used only while this is the same.</summary>
    public TargetNetworks Networks { get; } = networks;

    /// <summary>The number of requests that use it now.</summary>
    public int RequestCount { get; set; }

    /// <summary>The timestamp of the last request's start or end.</summary>
    public long UsedAt { get; set; }

    /// <summary>No new request uses it. It is closed with the last one.</summary>
    public bool IsRetired { get; set; }
}
