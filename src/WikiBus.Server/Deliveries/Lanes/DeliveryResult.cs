using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>The result of one try.</summary>
/// <param name="Verdict">What it means.</param>
/// <param name="Status">The status of the answer; null: there was none.</param>
/// <param name="Message">What happened, for people, on one line; null if it succeeded.</param>
/// <param name="Reason">Why the destination is down, in one word, such as <c>guard</c>; null unless it is.</param>
/// <param name="RetryAfter">How long the recipient wants to be left alone; null: it did not say.</param>
internal sealed record DeliveryResult(
    Verdict Verdict, int? Status = null, string? Message = null, string? Reason = null, TimeSpan? RetryAfter = null)
{
    /// <summary>
    /// Nobody at the destination may have the record, or it has been there: it is settled, and not sent.
    /// </summary>
    public static readonly DeliveryResult NotSent = new(Verdict.Done) { WasSent = false };

    public bool WasSent { get; private init; } = true;
}
