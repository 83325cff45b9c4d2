using WikiBus.Server.Deliveries.Records;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>One try of a delivery.</summary>
/// <param name="LogId">The id of the log.</param>
/// <param name="Number">The number of the subscription, which is never used again.</param>
/// <param name="Owner">The subscription's owner.</param>
/// <param name="Definition">What the feature stored.</param>
/// <param name="Record">The record.</param>
/// <param name="Try">The number of this try, from 1; also tries that do not count.</param>
internal sealed record DeliveryRequest(
    string LogId, long Number, string Owner, string Definition, DeliveryRecord Record, int Try);
