namespace WikiBus.Storage;

/// <summary>What a repair did.</summary>
/// <param name="Damage">What it found.</param>
/// <param name="LostRecordsMax">The most records that may be lost: positions that may have had one, and have none now.
/// Null: unknown, since the end of the log is lost, and no index file of a graceful stop says where it was.</param>
/// <param name="DamagedFiles">Where damaged files, and those that the log does not need, are kept.</param>
/// <param name="LogId">The log's id from now on; it changed if anything was lost.</param>
public sealed record LogRepair(
    IReadOnlyList<LogDamage> Damage, long? LostRecordsMax, IReadOnlyList<string> DamagedFiles, string LogId);
