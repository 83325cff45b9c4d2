using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Dream.Sending;

/// <summary>Delivers records to the destinations of sets. Safe for concurrent use.</summary>
internal sealed class DreamFeature : IDeliveryFeature
{
    /// <summary>Its name in the database.</summary>
    public const string FeatureName = "dream";

    private const int Concurrency = 10;

    public string Name => FeatureName;

    public SubscriptionPlan Plan(string definition) => new(
        [new RecordRules(["dream.none"], [], channel: null, [])],
        DestinationDefinition.Parse(definition).FailureSecondsMax != 0 ? RecordOrder.Strict : RecordOrder.Key,
        Concurrency, ExpireAfter: null);

    public Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new DeliveryResult(Verdict.Done));
}
