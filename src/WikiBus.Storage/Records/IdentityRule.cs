namespace WikiBus.Storage;

/// <summary>How the writer decides whether a record is a repeat of one that the log holds.</summary>
public enum IdentityRule
{
    /// <summary>The record is always new (no id was given, or a repeat is wanted).</summary>
    AlwaysNew,

    /// <summary>A repeat has the same stream, id and <see cref="RecordIdentity.ContentHash"/>.</summary>
    IdAndContent,

    /// <summary>A repeat has the same stream and id (ids derived by the bus itself).</summary>
    IdOnly,
}
