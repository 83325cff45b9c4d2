using WikiBus.Server.Deliveries.Api;

namespace WikiBus.Server.Deliveries.Why;

/// <summary>What became of a record for a subscription. What does not belong to the state is left out.</summary>
/// <param name="State">The state, one of <see cref="WhyState"/>.</param>
/// <param name="Text">The same as a sentence.</param>
internal sealed record WhyAnswer(string State, string Text)
{
    /// <summary>The id of the subscription.</summary>
    public string? Subscription { get; init; }

    /// <summary>The state of the subscription.</summary>
    public string? SubscriptionState { get; init; }

    /// <summary>The record's position.</summary>
    public long? Position { get; init; }

    /// <summary>The record, as <c>STREAM@OFFSET</c>.</summary>
    public string? Record { get; init; }

    /// <summary>The event's id.</summary>
    public string? EventId { get; init; }

    /// <summary>When it was delivered, died, expired, was dropped, skipped or lost.</summary>
    public DateTime? At { get; init; }

    /// <summary>The number of the try that delivered it, or how many attempts counted.</summary>
    public int? Attempt { get; init; }

    /// <summary>The status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTime? NextTry { get; init; }

    /// <summary>The last try that did not succeed.</summary>
    public ErrorAnswer? LastError { get; init; }

    /// <summary>The term of the subscription that the record does not match.</summary>
    public string? Term { get; init; }

    /// <summary>The id of the dead letter.</summary>
    public string? DeadLetter { get; init; }
}
