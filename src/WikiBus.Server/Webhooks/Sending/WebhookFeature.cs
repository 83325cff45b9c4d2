using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Webhooks.Definitions;

namespace WikiBus.Server.Webhooks.Sending;

/// <summary>Delivers records to webhooks, and judges the answers. Safe for concurrent use.</summary>
internal sealed class WebhookFeature(
    GuardedSender sender, OwnerNetworks networks, DeliveriesOptions options, TimeProvider time) : IDeliveryFeature
{
    /// <summary>Its name in the database.</summary>
    public const string FeatureName = "webhooks";

    public string Name => FeatureName;

    public SubscriptionPlan Plan(string definition) => Webhook.Of(definition).ToPlan();

    public async Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var webhook = Webhook.Of(request.Definition);
        using var message = WebhookMessage.Of(webhook, request, time.GetUtcNow());
        return WebhookVerdict.Of(await SendAsync(webhook, request.Owner, message, cancellationToken), webhook);
    }

    /// <summary>Sends a test request, which changes nothing here.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="number">The number of its subscription.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SendResult> TestAsync(
        Webhook webhook, string owner, long number, CancellationToken cancellationToken)
    {
        using var message = WebhookMessage.Test(webhook, number, time.GetUtcNow());
        return await SendAsync(webhook, owner, message, cancellationToken);
    }

    private Task<SendResult> SendAsync(
        Webhook webhook, string owner, HttpRequestMessage message, CancellationToken cancellationToken) =>
        sender.SendAsync(
            owner, networks.Of(owner), message, webhook.Definition.Timeout ?? options.Timeout, cancellationToken);
}
