namespace WikiBus.Producer;

/// <summary>A service that takes events by <c>POST</c>, such as WikiBus or EventGate.</summary>
public sealed class EventServiceOptions
{
    /// <summary>Where events are posted, as <c>http://localhost:8192/v1/events</c> (<c>url</c>).</summary>
    public string Url { get; set; } = "";

    /// <summary>How long an answer may take (<c>timeout</c>); 10 s by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
