using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>Changes that are committed together.</summary>
internal sealed class PendingBatch
{
    public List<Action<DeliveryWriter>> Changes { get; } = [];

    public List<Action> WhenCommitted { get; } = [];

    public int OutcomeCount { get; set; }

    public DateTimeOffset? OldestAt { get; set; }
}
