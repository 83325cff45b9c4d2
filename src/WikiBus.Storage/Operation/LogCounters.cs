namespace WikiBus.Storage;

/// <summary>What the log did since it was opened.</summary>
/// <param name="Records">Records made durable.</param>
/// <param name="Frames">Frames made durable: one write and one flush each.</param>
/// <param name="Duplicates">Repeats, which were not stored again.</param>
/// <param name="IdConflicts">Records stored although the log held the same stream and id, with other bytes.</param>
public sealed record LogCounters(long Records, long Frames, long Duplicates, long IdConflicts);
