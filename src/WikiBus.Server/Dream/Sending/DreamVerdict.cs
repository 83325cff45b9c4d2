using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Dream.Sending;

/// <summary>What the end of a request to a destination means.</summary>
internal static class DreamVerdict
{
    /// <remarks>An answer may repeat cookies, so nothing of it is shown.</remarks>
    public static DeliveryResult Of(SendResult result) => HttpVerdict.Of(
        result, static status => status is (>= 200 and <= 299) or 304, static _ => "");

    /// <summary>Why the destination did not take it; null: it did.</summary>
    public static string? FindFault(SendResult result) =>
        Of(result) is { Verdict: not Verdict.Done } failure ? failure.Message : null;
}
