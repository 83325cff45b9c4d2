using System.Runtime.CompilerServices;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Filters;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Webhooks.Definitions;

/// <summary>A stored definition, ready for use. Immutable; safe for concurrent use.</summary>
internal sealed class Webhook
{
    // By the object: a subscription keeps the same text until it is replaced.
    private static readonly ConditionalWeakTable<string, Webhook> s_known = [];

    private readonly SigningSecret _secret;
    private readonly (SigningSecret Secret, DateTimeOffset Until)[] _oldSecrets;

    private Webhook(WebhookDefinition definition)
    {
        Definition = definition;
        Url = new Uri(definition.Url);
        _secret = Secret(definition.Secret);
        _oldSecrets = [.. definition.OldSecrets.Select(static old => (Secret(old.Secret), old.Until))];
    }

    public WebhookDefinition Definition { get; }

    public Uri Url { get; }

    /// <exception cref="InvalidDataException">It is no definition.</exception>
    public static Webhook Of(string definition) =>
        s_known.GetValue(definition, static text => new Webhook(WebhookDefinition.Parse(text)));

    /// <summary>The secrets that sign now, the present one first.</summary>
    public IReadOnlyList<SigningSecret> SecretsAt(DateTimeOffset now) =>
        [_secret, .. _oldSecrets.Where(old => now < old.Until).Select(static old => old.Secret)];

    /// <exception cref="InvalidDataException">Its channel or a filter cannot be read.</exception>
    public SubscriptionPlan ToPlan()
    {
        ChannelPattern? channel = null;
        if (Definition.Channel is { } text && !ChannelPattern.TryParse(text, out channel, out var fault))
        {
            throw new InvalidDataException(fault);
        }

        var rules = new StreamRules(
            Definition.Streams, Definition.Wikis, channel, [.. Definition.Filters.Select(Filter)]);
        return new SubscriptionPlan([rules], Definition.Order, Definition.Concurrency, Definition.ExpireAfter)
        {
            Target = Definition.Url,
        };
    }

    private static FilterExpression Filter(string text) =>
        FilterExpression.TryParse(text, out var filter, out var fault)
            ? filter
            : throw new InvalidDataException(fault);

    private static SigningSecret Secret(string text) =>
        SigningSecret.TryParse(text, out var secret, out var fault) ? secret : throw new InvalidDataException(fault);
}
