namespace WikiBus.Server.Dream.Subscribers;

/// <summary>The outcomes of a change.</summary>
internal enum SetOutcomeKind
{
    Done,

    /// <summary>The version is not newer; nothing was changed.</summary>
    NotNewer,

    /// <summary>Another set has the owner or the location.</summary>
    Taken,

    /// <summary>There is no set at the location.</summary>
    NotFound,

    /// <summary>The set has another owner.</summary>
    OtherOwner,

    /// <summary>The set counts failures, and the new one their duration, or the other way round.</summary>
    OtherFailureType,

    /// <summary>The key has as many sets as are allowed.</summary>
    TooManySets,

    /// <summary>The sets of the key would add too much to the combined set, see <see cref="Sets.SetSize"/>.</summary>
    TooLarge,
}
