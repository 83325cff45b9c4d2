namespace WikiBus.Storage;

/// <summary>Whether the log accepts records, at one moment.</summary>
/// <param name="IsWritable">True if the log accepts appends.</param>
/// <param name="Reason">Why not, for people; null when writable.</param>
/// <param name="FreeBytes">Bytes free on the log's volume; null when that is unknown.</param>
/// <param name="QueuedBytes">Bytes waiting for the writer.</param>
public sealed record LogHealth(bool IsWritable, string? Reason, long? FreeBytes, long QueuedBytes);
