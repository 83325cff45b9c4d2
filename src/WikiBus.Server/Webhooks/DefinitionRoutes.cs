using System.Security.Cryptography;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Streams;
using WikiBus.Server.Webhooks.Declared;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Places;
using WikiBus.Server.Webhooks.Sending;
using WikiBus.Server.Webhooks.Settings;

namespace WikiBus.Server.Webhooks;

/// <summary>The routes that show, create, replace and delete subscriptions.</summary>
internal sealed class DefinitionRoutes(
    TargetUrl urls, OwnerNetworks networks, SubscriptionOwners owners, StreamCatalog streams, LogPlaces places,
    DeclaredWebhooks declared, WebhooksOptions options, ILogger<DefinitionRoutes> logger)
{
    private const int MadeIdBytes = 8;

    public Task ListAsync(WebhookCall call)
    {
        var query = new QueryReader(call.Context.Request.Query, "limit", "after");
        var (limit, after) = (query.Limit(), query.Text("after") ?? "");
        if (query.Fault is { } fault)
        {
            return call.ProblemAsync(400, fault);
        }

        var found = call.Subscriptions.ListAll()
            .Where(call.MaySee)
            .SkipWhile(status => string.CompareOrdinal(status.Id, after) <= 0)
            .Take(limit + 1).ToList();
        var next = found.Count > limit ? found[limit - 1].Id : null;
        return call.WriteAsync(
            200, new SubscriptionList([.. found.Take(limit).Select(call.Show)], next));
    }

    public Task GetAsync(WebhookCall call) =>
        call.FindAny() is { } status ? call.ShowAsync(200, status.Id) : call.NoSubscriptionAsync();

    public async Task CreateAsync(WebhookCall call)
    {
        if (await call.ReadAsync(WebhookJson.Default.WebhookRequest) is not { } request)
        {
            return;
        }

        var owner = call.Caller.Id;
        long? start = null;
        if ((FindFault(request, owner) ?? FindFaultOfNew(request, call, out start)) is { } fault)
        {
            await call.ProblemAsync(400, fault);
            return;
        }

        var definition = WebhookDefinition.Of(request, streams.Resolve);
        var id = request.Id ?? "sub-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MadeIdBytes));
        var change = await call.Subscriptions.CreateAsync(
            WebhookFeature.FeatureName, id, owner, definition.ToJson(), start, options.SubscriptionsPerKeyMax,
            stored => IsSame(WebhookDefinition.Parse(stored), definition, request.Secret));
        call.Context.Response.Headers.Location = $"/v1/subscriptions/{id}";
        switch (change.Outcome)
        {
            case ChangeOutcome.Done:
                WebhooksDiagnostics.Created(logger, id, owner);
                await call.ShowAsync(201, id, answer => answer with { Secret = definition.Secret });
                break;
            case ChangeOutcome.Same:
                await call.ShowAsync(200, id);
                break;
            default:
                await call.RefuseAsync(change.Outcome);
                break;
        }
    }

    public async Task ReplaceAsync(WebhookCall call)
    {
        if (call.Find() is not { } status)
        {
            await call.NoWebhookAsync();
            return;
        }

        if (status.Owner == Subscription.ConfigurationOwner)
        {
            await call.ProblemAsync(409, OperationRoutes.DeclaredFault);
            return;
        }

        if (await call.ReadAsync(WebhookJson.Default.WebhookRequest) is not { } request)
        {
            return;
        }

        var owner = request.Owner ?? status.Owner;
        if (owner != status.Owner && !call.Caller.MayManage)
        {
            await call.ProblemAsync(403, "owner: a key with the role manage is needed to change it");
            return;
        }

        var stored = WebhookDefinition.Parse(status.Definition);
        if ((FindFaultOfReplacement(request, status, stored) ?? FindFault(request, owner)) is { } fault)
        {
            await call.ProblemAsync(400, fault);
            return;
        }

        if (!call.TryMatch(status, out var version))
        {
            await call.RefuseAsync(ChangeOutcome.OtherVersion);
            return;
        }

        var change = await call.Subscriptions.ReplaceAsync(
            WebhookFeature.FeatureName, status.Id, text => Replace(text, request), request.Owner, version, status,
            options.SubscriptionsPerKeyMax);
        if (change.Outcome != ChangeOutcome.Done)
        {
            await call.RefuseAsync(change.Outcome);
            return;
        }

        WebhooksDiagnostics.Replaced(logger, status.Id, call.Caller.Id, owner);
        await call.ShowAsync(200, status.Id);
    }

    public async Task DeleteAsync(WebhookCall call)
    {
        if (call.Find() is not { } status)
        {
            await call.NoWebhookAsync();
            return;
        }

        if (status.Owner == Subscription.ConfigurationOwner && declared.Has(status.Id))
        {
            await call.ProblemAsync(409, OperationRoutes.DeclaredFault);
            return;
        }

        var change = await call.Subscriptions.DeleteAsync(WebhookFeature.FeatureName, status.Id, status);
        if (change.Outcome != ChangeOutcome.Done)
        {
            await call.RefuseAsync(change.Outcome);
            return;
        }

        WebhooksDiagnostics.Deleted(logger, status.Id, call.Caller.Id, change.Count);
        await call.WriteAsync(200, new DroppedAnswer(change.Count));
    }

    private string? FindFault(WebhookRequest request, string owner) =>
        WebhookRules.FindFault(request, urls, networks.Of(owner));

    private string? FindFaultOfNew(WebhookRequest request, WebhookCall call, out long? start)
    {
        start = null;
        return request.Owner is not null ? "owner: the key that creates a subscription owns it"
            : request.Headers?.Values.Contains(null) == true ? "headers: each value is a text"
            : !places.TryFind(
                request.Start ?? WebhookDefinition.StartNow, call.Caller.MayRead, out start, out var fault)
                ? $"start: {fault}"
            : null;
    }

    private string? FindFaultOfReplacement(
        WebhookRequest request, SubscriptionStatus status, WebhookDefinition stored) =>
        request.Id is not null && request.Id != status.Id ? "id: it is the id in the path, or missing"
        : request.Secret is not null && request.Secret != stored.Secret ? "secret: only a rotation changes it"
        : request.Start is not null && request.Start != stored.Start
            ? "start: it counts only when a subscription is created; resume and replay go to other places"
        : request.Owner is not null && request.Owner != status.Owner && owners.Find(request.Owner) is null
            ? "owner: there is no such key"
        : request.Headers?.FirstOrDefault(header =>
            header.Value is null && !stored.Headers.Keys.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            is { Key: { } name }
            ? $"headers: '{name}' has no value yet, so null cannot keep it"
        : null;

    private string Replace(string stored, WebhookRequest request)
    {
        var before = WebhookDefinition.Parse(stored);
        var kept = new Dictionary<string, string>(before.Headers, StringComparer.OrdinalIgnoreCase);
        var headers = request.Headers?.ToDictionary(
            static header => header.Key, header => header.Value ?? kept.GetValueOrDefault(header.Key));
        return WebhookDefinition.Of(request with { Headers = headers }, streams.Resolve).Replacing(before).ToJson();
    }

    private static bool IsSame(WebhookDefinition stored, WebhookDefinition wanted, string? secret) =>
        stored.IsSame(wanted) && (secret is null || secret == stored.Secret);
}
