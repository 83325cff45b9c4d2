using System.Runtime.CompilerServices;
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
    /// <summary>
    /// Most characters of the recipients of one request; an event for more of them is sent in several requests.
    /// </summary>
    public const int RecipientCharsMax = 4_096;

    // What another bus needs for each one beside its text, to keep it with the event.
    private const int RecipientOverhead = 16;

    /// <summary>Its name in the database.</summary>
    public const string FeatureName = "dream";

    // By the object: a subscription keeps the same text until it is replaced.
    private readonly ConditionalWeakTable<string, DreamDestination> _known = [];

    public string Name => FeatureName;

    public SubscriptionPlan Plan(string definition) => DestinationOf(definition).ToPlan();

    public async Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var destination = DestinationOf(request.Definition);
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

        await own.WhenKnownAsync(cancellationToken);
        var cookie = CookieHeader.For(target, destination.Definition.Cookies, time.GetUtcNow());
        DeliveryResult result = DeliveryResult.NotSent;
        foreach (var part in Split(recipients))
        {
            using var message = DreamMessage.Of(url, @event, part, cookie, own.Own);
            result = DreamVerdict.Of(await sender.SendAsync(
                DreamTargets.PoolOf(request.Owner), targets.Of(request.Owner), message, options.Timeout,
                cancellationToken));
            if (result.Verdict != Verdict.Done)
            {
                break;
            }
        }

        return result;
    }

    private DreamDestination DestinationOf(string definition) =>
        _known.GetValue(definition, text => DreamDestination.Of(text, authorization.IsOn));

    // Servers limit their headers. If a part fails, all are sent again, with the same id.
    private static IEnumerable<IReadOnlyList<string>> Split(IReadOnlyList<string> recipients)
    {
        var (part, length) = (new List<string>(), 0);
        foreach (var recipient in recipients)
        {
            var size = recipient.Length + RecipientOverhead;
            if (part.Count > 0 && length + size > RecipientCharsMax)
            {
                yield return part;
                (part, length) = ([], 0);
            }

            part.Add(recipient);
            length += size;
        }

        yield return part;
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
