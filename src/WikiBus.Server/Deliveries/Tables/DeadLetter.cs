namespace WikiBus.Server.Deliveries.Tables;

/// <summary>A dead delivery, without its payload.</summary>
/// <param name="Number">The number of its row, which is never used again.</param>
/// <param name="Position">The record's position.</param>
/// <param name="Stream">The record's stream.</param>
/// <param name="Offset">The record's offset.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Attempts">Attempts that counted.</param>
/// <param name="DeadAt">When it was given up.</param>
/// <param name="Last">The last try.</param>
internal sealed record DeadLetter(
    long Number, long Position, string Stream, long Offset, string EventId, int Attempts, DateTimeOffset DeadAt,
    LastError? Last)
{
    public DeadPlace Place => new(DeadAt.ToUnixTimeMilliseconds(), Number);
}
