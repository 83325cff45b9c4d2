namespace WikiBus.Producer;

/// <summary>The limits of the endpoint that runs jobs, and when it runs none.</summary>
public sealed class RunJobOptions
{
    /// <summary>Most requests at once, 1 to 1024; 16 by default. Further ones get 503 and may be repeated.</summary>
    public int ConcurrencyMax { get; set; } = 16;

    /// <summary>Most bytes of a job event, 1 KiB to 64 MiB; 16 MiB by default. A longer one gets 413.</summary>
    public int JobBytesMax { get; set; } = 16 << 20;

    /// <summary>
    /// Whether the wiki cannot be changed now (<c>$wgReadOnly</c>). Jobs get 423 then. Null for a wiki that is never
    /// read-only. It is called for each request, with the request's services.
    /// </summary>
    public Func<IServiceProvider, bool>? IsReadOnly { get; set; }
}
