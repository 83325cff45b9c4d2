using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Dream.Matching;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Sending;

/// <summary>A stored destination, ready for use. Immutable; safe for concurrent use.</summary>
internal sealed class DreamDestination
{
    /// <summary>Requests at once, unless the order is strict: as many as Dream's dispatcher has.</summary>
    private const int Concurrency = 10;

    /// <summary>Larger numbers of failures do not count, since the records are remembered.</summary>
    private const int FailuresMax = 1_000;

    private readonly (SetSubscription Subscription, DreamRules Rules)[] _rules;

    private DreamDestination(DestinationDefinition definition, bool isDeki)
    {
        Definition = definition;
        _rules = [.. definition.Subscriptions.Select(one => (one, new DreamRules(one, isDeki)))];
        DreamUri.TryParse(definition.Uri, out var uri);
        Uri = uri;
    }

    public DestinationDefinition Definition { get; }

    /// <summary>Null: it is not a URI by Dream's rules.</summary>
    public DreamUri? Uri { get; }

    /// <exception cref="InvalidDataException">The text is not a definition.</exception>
    public static DreamDestination Of(string definition, bool isDeki) =>
        new(DestinationDefinition.Parse(definition), isDeki);

    public SubscriptionPlan ToPlan()
    {
        var isStrict = Definition.FailureSecondsMax != 0;
        return new SubscriptionPlan(
            [.. _rules.Select(static one => one.Rules)], isStrict ? RecordOrder.Strict : RecordOrder.Key, Concurrency,
            ExpireAfter: null)
        {
            Target = Uri?.ToDisplay() ?? "",
            Failures = isStrict ? new FailureLimit(int.MaxValue, TimeMaxOf(Definition)) : CountLimitOf(Definition),
        };
    }

    /// <summary>The subscriptions that want a record.</summary>
    public IReadOnlyList<SetSubscription> Wanting(DeliveryRecord record)
    {
        var header = RecordHeader.Of(record);
        var wanting = new List<SetSubscription>();
        foreach (var (subscription, rules) in _rules)
        {
            if (rules.MatchesHeader(header))
            {
                wanting.Add(subscription);
            }
        }

        return wanting;
    }

    // Dream removes a set at the next failure after max-failures failures in a row.
    private static FailureLimit CountLimitOf(DestinationDefinition definition) =>
        definition.FailuresMax < FailuresMax
            ? new FailureLimit(Math.Max(0, definition.FailuresMax) + 1, TimeMax: null)
            : new FailureLimit(int.MaxValue, TimeMax: null);

    private static TimeSpan TimeMaxOf(DestinationDefinition definition) => TimeSpan.FromSeconds(
        Math.Clamp(definition.FailureSecondsMax, 0, TimeSpan.FromDays(3650).TotalSeconds));
}
