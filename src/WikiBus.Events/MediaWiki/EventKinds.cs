namespace WikiBus.Events.MediaWiki;

/// <summary>What an event is for. The values are those of EventBus (<c>TYPE_EVENT</c>, <c>TYPE_JOB</c>, …).</summary>
[Flags]
public enum EventKinds
{
    /// <summary>No event.</summary>
    None = 0,

    /// <summary>Something changed in the wiki.</summary>
    Event = 1,

    /// <summary>The wiki has work to do.</summary>
    Job = 2,

    /// <summary>Caches have to drop a URL.</summary>
    Purge = 4,

    /// <summary>Every kind.</summary>
    All = Event | Job | Purge,
}
