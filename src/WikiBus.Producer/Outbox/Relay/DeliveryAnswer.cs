namespace WikiBus.Producer.Outbox.Relay;

/// <summary>What an answer means.</summary>
/// <param name="Outcome">For the request as a whole.</param>
/// <param name="Status">The status; null if there was no answer.</param>
/// <param name="Text">The answer in words.</param>
/// <param name="RetryAfter">How long the service asks to wait.</param>
/// <param name="Refusals">The events that the service refused.</param>
internal sealed record DeliveryAnswer(
    DeliveryOutcome Outcome, int? Status, string Text, TimeSpan? RetryAfter, IReadOnlyList<Refusal> Refusals);
