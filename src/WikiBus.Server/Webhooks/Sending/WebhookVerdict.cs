using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Webhooks.Definitions;

namespace WikiBus.Server.Webhooks.Sending;

/// <summary>What the answer of a webhook means.</summary>
internal static class WebhookVerdict
{
    /// <summary>Shorter parts of a header's value are not looked for in an answer.</summary>
    private const int SecretLengthMin = 6;

    public static DeliveryResult Of(SendResult result, Webhook webhook) => HttpVerdict.Of(
        result, static status => status is >= 200 and <= 299, answered => ExcerptOf(answered, webhook));

    /// <summary>The beginning of an answer, without the values of headers that the recipient sent back.</summary>
    public static string ExcerptOf(SendResult.Answered answered, Webhook webhook)
    {
        var excerpt = answered.Excerpt;
        foreach (var secret in webhook.Definition.Headers.Values
            .SelectMany(static value => value.Split([' ', ',', ';', '='], StringSplitOptions.RemoveEmptyEntries))
            .Where(static part => part.Length >= SecretLengthMin))
        {
            excerpt = excerpt.Replace(secret, "…", StringComparison.OrdinalIgnoreCase);
        }

        return excerpt;
    }
}
