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

    /// <summary>Most bytes of a request with more than one event (<c>$wgEventBusMaxBatchByteSize</c>).</summary>
    public int BatchBytesMax { get; set; } = 4 << 20;

    /// <summary>Whether jobs are run (<c>$wgEventBusEnableRunJobAPI</c>); otherwise they get 501.</summary>
    public bool EnableRunJob { get; set; }

    /// <summary>
    /// The secret keys of jobs (<c>$wgSecretKey</c>). The first signs; a job that is run may be signed with any.
    /// </summary>
    public IList<string> SecretKeys { get; } = [];

    /// <summary>The limits of the endpoint that runs jobs.</summary>
    public RunJobOptions RunJob { get; set; } = new();
}
