namespace WikiBus.Server.Deliveries;

/// <summary>The outcome of a change of a subscription.</summary>
internal enum ChangeOutcome
{
    Done,

    /// <summary>It was there already, in the same form.</summary>
    Same,

    /// <summary>There is no such subscription any more.</summary>
    NotFound,

    /// <summary>Another subscription has this id.</summary>
    IdTaken,

    /// <summary>The owner has as many subscriptions as are allowed.</summary>
    TooMany,

    /// <summary>It has another version than the request says.</summary>
    OtherVersion,

    /// <summary>A replay of it runs already.</summary>
    ReplayRuns,
}
