namespace WikiBus.Storage;

/// <summary>What a repair did.</summary>
/// <param name="Damage">What it found.</param>
/// <param name="LostRecordsMax">At most so many positions hold no record any more that may have held one. Null: the
/// last segment is missing, and what it held is not known.</param>
/// <param name="DamagedFiles">Where the damaged files are kept; delete them when they are not needed.</param>
/// <param name="LogId">The log's id from now on; it changed if anything was lost.</param>
public sealed record LogRepair(
    IReadOnlyList<LogDamage> Damage, long? LostRecordsMax, IReadOnlyList<string> DamagedFiles, string LogId);
