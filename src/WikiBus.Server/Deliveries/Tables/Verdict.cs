namespace WikiBus.Server.Deliveries.Tables;

/// <summary>The outcome of one try, as a feature judges it. The numbers are in the state database.</summary>
internal enum Verdict
{
    /// <summary>The recipient has the record.</summary>
    Done = 1,

    /// <summary>It may be the record's fault: an attempt counts, and the record waits for the next one.</summary>
    Failed = 2,

    /// <summary>The recipient cannot be reached or takes nothing now: no attempt counts.</summary>
    Down = 3,

    /// <summary>The recipient wants nothing any more: the subscription stops.</summary>
    Gone = 4,

    /// <summary>Too old to be sent. Only in the history.</summary>
    Expired = 5,

    /// <summary>A dead delivery was dropped, by a person or for its age. Only in the history.</summary>
    Dropped = 6,
}
