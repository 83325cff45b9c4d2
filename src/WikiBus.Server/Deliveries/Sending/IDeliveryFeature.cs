using WikiBus.Server.Deliveries.Lanes;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>A feature whose records the engine delivers. Safe for concurrent use.</summary>
internal interface IDeliveryFeature
{
    /// <summary>Its name in the database.</summary>
    string Name { get; }

    /// <summary>What the engine has to do for a definition that the feature stored.</summary>
    /// <exception cref="InvalidDataException">It is not such a definition.</exception>
    SubscriptionPlan Plan(string definition);

    /// <summary>Sends a record once, and judges the answer.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled: the process stops.</exception>
    Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken);
}
