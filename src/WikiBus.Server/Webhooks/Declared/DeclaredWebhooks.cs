using WikiBus.Server.Webhooks.Definitions;

namespace WikiBus.Server.Webhooks.Declared;

/// <summary>The subscriptions that the configuration declares. Requests cannot change them.</summary>
internal sealed record DeclaredWebhooks(IReadOnlyList<WebhookRequest> All)
{
    public bool Has(string id) => All.Any(one => one.Id == id);
}
