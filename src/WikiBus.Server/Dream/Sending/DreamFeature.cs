using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Dream.Authorization;
using WikiBus.Server.Dream.Events;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Sending;

/// <summary>Delivers records to the destinations of sets, and judges the answers. Safe for concurrent use.</summary>
internal sealed class DreamFeature(
    GuardedSender sender, DreamTargets targets, DekiAuthorization authorization, DeliveriesOptions options, OwnUris own,
    TimeProvider time)
    : IDeliveryFeature
{
    /// <summary>Its name in the database.</summary>
    public const string FeatureName = "dream";

    public string Name => FeatureName;

    public SubscriptionPlan Plan(string definition) => DreamDestination.Of(definition, authorization.IsOn).ToPlan();

    public async Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var destination = DreamDestination.Of(request.Definition, authorization.IsOn);
        var @event = DreamEvent.Of(request.Record);
        var wanting = destination.Wanting(request.Record);
        if (wanting.Count == 0 || HasPassed(@event, destination.Uri))
        {
            return DeliveryResult.NotSent;
        }

        var judged = authorization.IsOn
            ? await authorization.JudgeAsync(@event, wanting, cancellationToken)
            : new DekiAnswer<IReadOnlyList<string>>(RecipientsOf(wanting, @event));
        if (judged.Value is not { } recipients)
        {
            return new DeliveryResult(
                Verdict.Down, Message: $"The wiki's API gave no answer: {judged.Fault}", Reason: "deki-api");
        }

        if (recipients.Count == 0)
        {
            return DeliveryResult.NotSent;
        }

        if (destination.Uri is not { } target || target.ToHttpUrl() is not { } url)
        {
            return new DeliveryResult(
                Verdict.Down, Message: "The destination is no http or https URL.", Reason: "guard");
        }

        await own.WhenKnownAsync(time, cancellationToken);
        var cookie = CookieHeader.For(target, destination.Definition.Cookies, time.GetUtcNow());
        using var message = DreamMessage.Of(url, @event, recipients, cookie, own.Own);
        var result = await sender.SendAsync(
            DreamTargets.PoolOf(request.Owner), targets.Of(request.Owner), message, options.Timeout, cancellationToken);
        return DreamVerdict.Of(result);
    }

    /// <summary>Who gets the event at this destination: the recipients of all subscriptions that want it.</summary>
    private static List<string> RecipientsOf(IReadOnlyList<SetSubscription> wanting, DreamEvent @event) =>
    [
        .. wanting
            .SelectMany(static subscription => subscription.Recipients)
            .Select(static recipient => recipient.Uri)
            .Where(@event.IsFor)
            .Distinct(StringComparer.Ordinal),
    ];

    // A service publishes at PUBLISH below its own URI.
    private static bool HasPassed(DreamEvent @event, DreamUri? destination) =>
        destination is not null && @event.Vias.Any(via =>
            (DreamUri.TryParse(via, out var service) && service.Equals(destination))
            || (DreamUri.TryParse(via + "/publish", out var publish) && publish.Equals(destination)));
}
