namespace WikiBus.Storage.Repeats;

/// <summary>Whether a segment's id file may be looked into.</summary>
internal enum IdFileState
{
    Usable,

    /// <summary>It is being made again; what may be in it is unknown for now.</summary>
    Mending,

    /// <summary>Neither it nor the segment can be read: what was in it stays unknown.</summary>
    GivenUp,
}
