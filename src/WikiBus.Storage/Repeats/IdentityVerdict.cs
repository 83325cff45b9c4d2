using WikiBus.Storage.Records;

namespace WikiBus.Storage.Repeats;

/// <summary>What the log knows of a draft's identity.</summary>
/// <param name="Duplicate">The record that the draft repeats; null if it is new.</param>
/// <param name="IsTracked">True if the record's id is kept, so that repeats of it are found.</param>
/// <param name="Key">Hash of stream and id.</param>
/// <param name="Content">The content hash as one word.</param>
/// <param name="IsConflict">True if the log holds the same stream and id with other bytes.</param>
internal readonly record struct IdentityVerdict(
    RecordOutcome? Duplicate, bool IsTracked, ulong Key, ulong Content, bool IsConflict)
{
    public static IdentityVerdict Untracked => new(null, IsTracked: false, 0, 0, IsConflict: false);

    /// <summary>The id entry of the record that the draft becomes; null when its id is not kept.</summary>
    public IdEntry? ToEntry(long position) => IsTracked ? new IdEntry(Key, Content, position, IsConflict) : null;
}
