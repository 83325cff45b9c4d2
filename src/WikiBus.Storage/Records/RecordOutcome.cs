namespace WikiBus.Storage;

/// <summary>What became of one record of an append.</summary>
/// <param name="Position">Where it stands now; for a repeat where the record stands that it equals (-1 when that is
/// only known by an id file).</param>
/// <param name="Offset">Its number in its stream; -1 for a repeat that is only known by an id file.</param>
/// <param name="IsDuplicate">True if the log held it already and nothing was written for it.</param>
public readonly record struct RecordOutcome(long Position, long Offset, bool IsDuplicate);
