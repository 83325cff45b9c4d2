using WikiBus.Server.Options;

namespace WikiBus.Server.Webhooks.Settings;

/// <summary>
/// Settings of webhooks. The section also has <c>Subscriptions</c>, a list of objects, which the room <c>Declared</c>
/// reads.
/// </summary>
internal sealed class WebhooksOptions : IFeatureOptions
{
    public static string Section => "Webhooks";

    /// <summary>Most subscriptions that a key may have.</summary>
    public int SubscriptionsPerKeyMax { get; set; } = 1_000;

    public IEnumerable<OptionFault> Validate() => OptionChecks.Within(
        $"{Section}:{nameof(SubscriptionsPerKeyMax)}", SubscriptionsPerKeyMax, 1, 100_000);
}
