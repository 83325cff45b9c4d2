using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.State;
using WikiBus.Server.Streams;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Places;
using WikiBus.Server.Webhooks.Sending;
using WikiBus.Server.Webhooks.Settings;

namespace WikiBus.Server.Webhooks.Declared;

/// <summary>
/// At a start, makes the subscriptions of the configuration what the configuration says. One that is new is created,
/// one that changed is replaced, and one that is not there any more is paused.
/// </summary>
internal sealed class DeclaredKeeper(
    DeclaredWebhooks declared, Subscriptions subscriptions, StreamCatalog streams, LogPlaces places,
    ILogger<DeclaredKeeper> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var request in declared.All)
            {
                await KeepAsync(request.Id!, WebhookDefinition.Of(request, streams.Resolve));
            }

            foreach (var status in subscriptions.List(WebhookFeature.FeatureName))
            {
                if (status.Owner == Subscription.ConfigurationOwner && !declared.Has(status.Id))
                {
                    await LeaveAsync(status);
                }
            }
        }
        catch (StateException exception)
        {
            // Intake and streaming go on without the database.
            WebhooksDiagnostics.NotStored(logger, exception.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task KeepAsync(string id, WebhookDefinition definition)
    {
        if (subscriptions.Find(WebhookFeature.FeatureName, id) is { } status)
        {
            await UpdateAsync(status, definition);
            return;
        }

        if (!places.TryFind(definition.Start, mayRead: static _ => true, out var start, out var fault))
        {
            WebhooksDiagnostics.StartUnknown(logger, id, fault);
        }

        var change = await subscriptions.CreateAsync(
            WebhookFeature.FeatureName, id, Subscription.ConfigurationOwner, definition.ToJson(), start, int.MaxValue,
            isSame: static _ => false);
        if (change.Outcome == ChangeOutcome.Done)
        {
            WebhooksDiagnostics.Declared(logger, id, "created");
        }
        else
        {
            WebhooksDiagnostics.IdTaken(logger, id, change.Subscription!.Owner);
        }
    }

    private async Task UpdateAsync(SubscriptionStatus status, WebhookDefinition definition)
    {
        if (status.Owner != Subscription.ConfigurationOwner)
        {
            WebhooksDiagnostics.IdTaken(logger, status.Id, status.Owner);
            return;
        }

        var stored = WebhookDefinition.Parse(status.Definition);
        if (stored.Secret == definition.Secret && stored.IsSame(definition))
        {
            return;
        }

        await subscriptions.ReplaceAsync(WebhookFeature.FeatureName, status.Id, _ => definition.ToJson());
        if (stored.IsUndeclared)
        {
            await subscriptions.ResumeAsync(WebhookFeature.FeatureName, status.Id, fromNow: false);
        }

        WebhooksDiagnostics.Declared(logger, status.Id, "replaced");
    }

    // First the pause: after a crash between the two, the next start does both again.
    private async Task LeaveAsync(SubscriptionStatus status)
    {
        await subscriptions.PauseAsync(WebhookFeature.FeatureName, status.Id);
        if (!WebhookDefinition.Parse(status.Definition).IsUndeclared)
        {
            await subscriptions.ReplaceAsync(
                WebhookFeature.FeatureName, status.Id,
                static stored => (WebhookDefinition.Parse(stored) with { IsUndeclared = true }).ToJson());
        }

        WebhooksDiagnostics.Undeclared(logger, status.Id);
    }
}
