using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>What the end of an HTTP request means for a delivery.</summary>
internal static class HttpVerdict
{
    /// <param name="result">How the request ended.</param>
    /// <param name="isDone">Does a status mean that the record was taken?</param>
    /// <param name="excerptOf">What may be shown of an answer; may be empty.</param>
    public static DeliveryResult Of(
        SendResult result, Predicate<int> isDone, Func<SendResult.Answered, string> excerptOf) => result switch
    {
        SendResult.Answered answered when isDone(answered.Status) => new DeliveryResult(Verdict.Done, answered.Status),
        SendResult.Answered answered => new DeliveryResult(
            VerdictOf(answered.Status), answered.Status, MessageOf(answered.Status, excerptOf(answered)),
            ReasonOf(answered.Status), answered.RetryAfter),
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

    private static string MessageOf(int status, string excerpt) =>
        excerpt.Length == 0 ? $"answered {status}" : $"answered {status}: {excerpt}";
}
