namespace WikiBus.Server.Deliveries.Tables;

/// <summary>Which dead deliveries are meant. What is null does not count.</summary>
/// <param name="Stream">Of this stream.</param>
/// <param name="Since">That died then or later.</param>
/// <param name="Until">That died then or earlier.</param>
/// <param name="Number">The one with this number.</param>
internal sealed record DeadFilter(
    string? Stream = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, long? Number = null);

/// <summary>A place among the dead deliveries of a lane.</summary>
internal sealed record DeadPlace(long DeadAtMs, long Number);

/// <summary>How many rows a step changed, and their bytes.</summary>
internal readonly record struct DeadSum(int Count, long Bytes);

/// <summary>What the history keeps of a dropped delivery.</summary>
internal sealed record DropNote(long Subscription, string Message, DateTimeOffset At);
