namespace WikiBus.Server.Deliveries.Tables;

/// <summary>A row that waits or is dead, without its record.</summary>
/// <param name="Lane">The number of its lane.</param>
/// <param name="Line">Deliveries with the same number go one after the other; 0: no order.</param>
/// <param name="Attempts">Attempts that counted.</param>
/// <param name="Tries">All tries.</param>
/// <param name="NextAt">When it is to be tried again; null: after others of its line, or never.</param>
/// <param name="DeadAt">When it was given up; null: it waits.</param>
/// <param name="Last">The last try; null: it was not tried.</param>
internal sealed record WaitingRow(
    long Lane, ulong Line, int Attempts, int Tries, DateTimeOffset? NextAt, DateTimeOffset? DeadAt, LastError? Last);

/// <summary>What the engine learns about a subscription by itself.</summary>
internal sealed record SubscriptionProgress(
    long Number, SubscriptionState State, DateTimeOffset? DownSince, long ExpiredCount, LastError? LastError);
