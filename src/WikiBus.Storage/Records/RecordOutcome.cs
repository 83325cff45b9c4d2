namespace WikiBus.Storage;

/// <summary>What became of one record of an append.</summary>
/// <param name="Position">Its position; for a repeat, the position of the record that it repeats.</param>
/// <param name="Offset">Its number in its stream; for a repeat, that of the record that it repeats.</param>
/// <param name="IsDuplicate">True if the log had it already, so that nothing was written for it.</param>
public readonly record struct RecordOutcome(long Position, long Offset, bool IsDuplicate);
