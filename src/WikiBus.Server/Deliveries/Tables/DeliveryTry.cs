namespace WikiBus.Server.Deliveries.Tables;

/// <summary>One try, as the history keeps it.</summary>
/// <param name="Subscription">The number of the subscription.</param>
/// <param name="Lane">The number of the lane.</param>
/// <param name="Position">The record's position.</param>
/// <param name="TimeMs">The record's append time, Unix ms.</param>
/// <param name="Stream">The record's stream.</param>
/// <param name="Offset">The record's offset.</param>
/// <param name="TryNumber">The number of the try, from 1.</param>
/// <param name="Verdict">Its outcome.</param>
/// <param name="Status">The status of the answer, if there was one.</param>
/// <param name="Message">What happened; null if it succeeded.</param>
/// <param name="At">When it ended.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record DeliveryTry(
    long Subscription, long Lane, long Position, long TimeMs, string Stream, long Offset, int TryNumber,
    Verdict Verdict, int? Status, string? Message, DateTimeOffset At, TimeSpan Duration);
