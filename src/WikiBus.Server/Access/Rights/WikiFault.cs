namespace WikiBus.Server.Access.Rights;

/// <summary>Why a key that is limited by wiki or domain does not include an event.</summary>
internal enum WikiFault
{
    /// <summary>It includes the event.</summary>
    None,

    /// <summary>The key does not name the event's wiki.</summary>
    Wiki,

    /// <summary>The key does not name the event's domain.</summary>
    Domain,

    /// <summary>The event names neither a wiki nor a domain.</summary>
    Nameless,
}
