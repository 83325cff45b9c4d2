using System.Collections.Concurrent;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A feature whose recipients answer what a test says. A definition is the name of a stream.</summary>
internal sealed class AnsweringFeature : IDeliveryFeature
{
    public const string FeatureName = "answering";

    public string Name => FeatureName;

    /// <summary>The answer to every try.</summary>
    public DeliveryResult Answer { get; set; } = new(Verdict.Done, 200);

    /// <summary>The records of all tries, as <c>STREAM@OFFSET</c>.</summary>
    public ConcurrentQueue<string> Tries { get; } = [];

    public SubscriptionPlan Plan(string definition) => new(
        [new StreamRules([definition], [], channel: null, [])], RecordOrder.None, Concurrency: 1, ExpireAfter: null);

    public Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        Tries.Enqueue(request.Record.Name);
        return Task.FromResult(Answer);
    }
}
