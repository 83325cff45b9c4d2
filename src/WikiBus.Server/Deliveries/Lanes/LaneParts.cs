using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>What all lanes share. Belongs to the engine's lock.</summary>
internal sealed class LaneParts(
    DeliveriesOptions options, SubscriptionOwners owners, DeliveriesDiagnostics diagnostics, TimeProvider time,
    Random random)
{
    public DeliveriesOptions Options => options;

    public SubscriptionOwners Owners => owners;

    public DeliveriesDiagnostics Diagnostics => diagnostics;

    public Random Random => random;

    /// <summary>Guards lanes, subscriptions, destinations and everything here.</summary>
    public Lock Lock { get; } = new();

    public LaneQueues Queues { get; } = new(time);

    public PendingChanges Pending { get; } = new();

    public WaitingRoom Room { get; } = new(options);

    /// <summary>
    /// Bytes of the records that deliveries hold in memory, also those of new rows that are not committed.
    /// </summary>
    public long QueuedBytes { get; set; }

    /// <summary>Where the loop at the head of the log is.</summary>
    public LaneCursor Head { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();
}
