using WikiBus.Server.Deliveries.Records;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>What a feature wants the engine to do for a subscription.</summary>
/// <param name="Rules">A record is wanted if one of them matches; at least one.</param>
/// <param name="Order">The order.</param>
/// <param name="Concurrency">Most requests at once.</param>
/// <param name="ExpireAfter">Older records are skipped; null: none.</param>
internal sealed record SubscriptionPlan(
    IReadOnlyList<RecordRules> Rules, RecordOrder Order, int Concurrency, TimeSpan? ExpireAfter)
{
    /// <summary>Where the records go, as it may be shown to the owner.</summary>
    public string Target { get; init; } = "";

    /// <summary>When the destination counts as failing.</summary>
    public FailureLimit Failures { get; init; } = FailureLimit.Default;
}

/// <summary>After which failures in a row a destination counts as failing.</summary>
/// <param name="CountMax">As many different records failed, from 1; <see cref="int.MaxValue"/>: the number does not
/// count.</param>
/// <param name="TimeMax">Nothing succeeded for longer; null: the time does not count.</param>
internal sealed record FailureLimit(int CountMax, TimeSpan? TimeMax)
{
    public static readonly FailureLimit Default = new(CountMax: 10, TimeMax: null);
}
