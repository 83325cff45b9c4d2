using System.Text.Json;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Settings;

namespace WikiBus.Producer;

/// <summary>The settings of the producer. The comments name the settings of MediaWiki that mean the same.</summary>
public sealed class ProducerOptions
{
    /// <summary>The wiki that the events come from.</summary>
    public WikiOptions Wiki { get; set; } = new();

    /// <summary>Whose events are made.</summary>
    public EventGeneration Generation { get; set; }

    /// <summary>
    /// Which kinds of events are sent (<c>$wgEnableEventBus</c>); others are dropped and counted. With <c>None</c> the
    /// settings of the wiki and of the default service are not needed.
    /// </summary>
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
    /// Whether the wiki executes jobs that a bus sends to it (<c>$wgEventBusEnableRunJobAPI</c>); false by default.
    /// </summary>
    public bool EnableRunJob { get; set; }

    /// <summary>
    /// The wiki's secret keys (<c>$wgSecretKey</c>). The first one signs jobs. A signature of any of them is valid, so
    /// that a key can be replaced.
    /// </summary>
    public IList<string> SecretKeys { get; } = [];

    /// <summary>
    /// Whether the header <c>X-Request-Id</c> of a request to the wiki becomes the request id of its events
    /// (<c>$wgAllowExternalReqID</c>); false by default.
    /// </summary>
    public bool AllowExternalRequestId { get; set; }

    /// <summary>Most bytes of a request with more than one event (<c>$wgEventBusMaxBatchByteSize</c>).</summary>
    public int BatchBytesMax { get; set; } = 4 << 20;

    /// <summary>
    /// Most bytes that wait in memory for one service. If there are more, new events are dropped. With the outbox it is
    /// the most bytes of the events of one transaction; if there are more, publishing throws an exception.
    /// </summary>
    public long QueueBytesMax { get; set; } = 64 << 20;

    /// <summary>The limits of the endpoint that runs jobs.</summary>
    public RunJobOptions RunJob { get; set; } = new();

    /// <summary>The settings for the events of MindTouch Deki, which only <c>AddWikiBusDeki</c> uses.</summary>
    public DekiOptions Deki { get; set; } = new();

    /// <summary>The settings of the outbox, which only <c>AddWikiBusOutbox</c> uses.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>
    /// Sets these settings to what MediaWiki's extension EventBus would have: its own defaults, and the values of a
    /// JSON object. So without <c>EnableEventBus</c> nothing is sent, and the services <c>eventbus</c> and
    /// <c>eventgate</c> on <c>localhost</c> always exist. Names may have the prefix <c>$wg</c> or <c>wg</c>, or none;
    /// other members of the object are ignored. The wiki's own settings (<c>DBname</c>, <c>ServerName</c>,
    /// <c>CanonicalServer</c>, <c>ArticlePath</c>, <c>ScriptPath</c>, <c>ContentNamespaces</c>, <c>UseRCPatrol</c>,
    /// <c>UseNPPatrol</c>, <c>SecretKey</c>, <c>AllowExternalReqID</c>) stay as they are if the object does not have
    /// them.
    /// </summary>
    /// <param name="settings">The settings, as PHP's <c>json_encode</c> writes them.</param>
    /// <exception cref="ArgumentException">A setting has a value that the extension does not take.</exception>
    public void FromMediaWikiSettings(JsonElement settings) => new MediaWikiSettings(settings).ApplyTo(this);
}
