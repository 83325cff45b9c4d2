namespace WikiBus.Storage.Indexes;

/// <summary>A frame that can be found without walking to it.</summary>
/// <param name="Position">Its first position.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="ClockMaxMs">The highest clock of all records of the log before it.</param>
internal readonly record struct FrameMark(long Position, long Offset, long ClockMaxMs);
