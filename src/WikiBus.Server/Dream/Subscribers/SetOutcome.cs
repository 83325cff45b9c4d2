using WikiBus.Server.Dream.Tables;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>The result of a change of the sets.</summary>
/// <param name="Kind">Whether it was made, and if not, why.</param>
/// <param name="Set">The set after the change, or the one that is in its way; null if there is none.</param>
internal sealed record SetOutcome(SetOutcomeKind Kind, StoredSet? Set = null);

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
}
