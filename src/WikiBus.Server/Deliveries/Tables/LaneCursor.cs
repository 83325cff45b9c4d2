namespace WikiBus.Server.Deliveries.Tables;

/// <summary>A place in the log.</summary>
/// <param name="Position">Everything below was read, or is settled.</param>
/// <param name="TimeMs">The append time of the last record below, Unix ms; 0: unknown.</param>
internal readonly record struct LaneCursor(long Position, long TimeMs);
