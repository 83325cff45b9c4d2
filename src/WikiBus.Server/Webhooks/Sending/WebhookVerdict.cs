using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Webhooks.Definitions;

namespace WikiBus.Server.Webhooks.Sending;

/// <summary>What the answer of a webhook means.</summary>
internal static class WebhookVerdict
{
    /// <summary>Shorter parts of a header's value are not looked for in an answer.</summary>
    private const int SecretLengthMin = 6;

    public static DeliveryResult Of(SendResult result, Webhook webhook) => result switch
    {
        SendResult.Answered { Status: >= 200 and <= 299 } done => new DeliveryResult(Verdict.Done, done.Status),
        SendResult.Answered answered => new DeliveryResult(
            VerdictOf(answered.Status), answered.Status, MessageOf(answered, webhook), ReasonOf(answered.Status),
            answered.RetryAfter),
        SendResult.Unreached unreached => new DeliveryResult(
            Verdict.Down, Message: unreached.Message, Reason: NameOf(unreached.Reason)),
        SendResult.Broken broken => new DeliveryResult(
            Verdict.Failed, Message: $"{NameOf(broken.Reason)}: {broken.Message}"),
        _ => throw new InvalidOperationException($"{result.GetType()} is unknown."),
    };

    public static string NameOf(UnreachedReason reason) => reason switch
    {
        UnreachedReason.Guard => "guard",
        UnreachedReason.Refused => "refused",
        UnreachedReason.NameResolution => "dns",
        UnreachedReason.Tls => "tls",
        _ => "connect-timeout",
    };

    public static string NameOf(BrokenReason reason) => reason switch
    {
        BrokenReason.Timeout => "timeout",
        BrokenReason.Reset => "reset",
        _ => "protocol",
    };

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

    private static Verdict VerdictOf(int status) => status switch
    {
        410 => Verdict.Gone,
        429 or 503 => Verdict.Down,
        _ => Verdict.Failed,
    };

    private static string? ReasonOf(int status) => status switch
    {
        429 => "throttled",
        503 => "unavailable",
        _ => null,
    };

    private static string MessageOf(SendResult.Answered answered, Webhook webhook)
    {
        var excerpt = ExcerptOf(answered, webhook);
        return excerpt.Length == 0 ? $"answered {answered.Status}" : $"answered {answered.Status}: {excerpt}";
    }
}
