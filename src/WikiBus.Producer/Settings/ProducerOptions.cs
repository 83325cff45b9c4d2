using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer;

/// <summary>The settings of the producer. The comments name the settings of MediaWiki that mean the same.</summary>
public sealed class ProducerOptions
{
    /// <summary>The wiki that the events come from.</summary>
    public WikiOptions Wiki { get; set; } = new();

    /// <summary>Whose events are made.</summary>
    public EventGeneration Generation { get; set; }

    /// <summary>Which kinds of events are sent (<c>$wgEnableEventBus</c>); others are dropped and counted.</summary>
    public EventKinds EnabledKinds { get; set; } = EventKinds.All;

    /// <summary>Where events go, by the names of services (<c>$wgEventServices</c>).</summary>
    public IDictionary<string, EventServiceOptions> Services { get; } =
        new Dictionary<string, EventServiceOptions>(StringComparer.Ordinal);

    /// <summary>The service for streams that name no other (<c>$wgEventServiceDefault</c>).</summary>
    public string DefaultService { get; set; } = "eventbus";

    /// <summary>
    /// The streams (<c>$wgEventStreams</c>), by their names, or by patterns such as <c>/^mediawiki\.job\..+/</c>. An
    /// exact name comes before patterns, and the first pattern that matches counts. Null, the default, means that the
    /// extension EventStreamConfig is not used: every stream is sent to <see cref="DefaultService"/>. Otherwise a
    /// stream that is not here is not sent. (<c>Rel139</c> sends it to <see cref="DefaultService"/>.)
    /// </summary>
    public IDictionary<string, StreamOptions>? Streams { get; set; }

    /// <summary>What applies to streams that do not say it (<c>$wgEventStreamsDefaultSettings</c>).</summary>
    public StreamOptions StreamDefaults { get; set; } = new();

    /// <summary>
    /// Other names for the streams of <c>page_change</c> and <c>user_change</c>, by their usual names
    /// (<c>$wgEventBusStreamNamesMap</c>).
    /// </summary>
    public IDictionary<string, string> StreamNames { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The stream of purged URLs (<c>$wgEventRelayerConfig['cdn-url-purges']['stream']</c>). Null, the default, means
    /// that the wiki announces no such purges.
    /// </summary>
    public string? PurgeStream { get; set; }

    /// <summary>
    /// Whether the wiki executes jobs that a bus sends to it (<c>$wgEventBusEnableRunJobAPI</c>); true by default.
    /// </summary>
    public bool EnableRunJob { get; set; } = true;

    /// <summary>
    /// The wiki's secret keys (<c>$wgSecretKey</c>). The first one signs jobs. A signature of any of them is valid, so
    /// that a key can be replaced.
    /// </summary>
    public IList<string> SecretKeys { get; } = [];

    /// <summary>Most bytes of a request with more than one event (<c>$wgEventBusMaxBatchByteSize</c>).</summary>
    public int BatchBytesMax { get; set; } = 4 << 20;

    /// <summary>Most bytes that wait in memory for one service. If there are more, new events are dropped.</summary>
    public long QueueBytesMax { get; set; } = 64 << 20;

    /// <summary>The settings for the events of MindTouch Deki, which only <c>AddWikiBusDeki</c> uses.</summary>
    public DekiOptions Deki { get; set; } = new();
}
