namespace WikiBus.Producer;

/// <summary>A stream, as <c>$wgEventStreams</c> configures it. What is null comes from the defaults.</summary>
public sealed class StreamOptions
{
    /// <summary>
    /// Whether the stream's events are sent (<c>producers.mediawiki_eventbus.enabled</c>); true by default. REL1_39
    /// does not have this setting, so <c>Rel139</c> ignores it.
    /// </summary>
    public bool? IsEnabled { get; set; }

    /// <summary>
    /// The service that gets the events (<c>producers.mediawiki_eventbus.event_service_name</c>). <c>Rel139</c> ignores
    /// it, as REL1_39 does.
    /// </summary>
    public string? Service { get; set; }

    /// <summary>
    /// The older name of <see cref="Service"/> (<c>destination_event_service</c>), which applies if that one is null.
    /// </summary>
    public string? DestinationService { get; set; }
}
