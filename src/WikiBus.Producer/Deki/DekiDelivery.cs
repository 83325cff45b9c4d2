using WikiBus.Events.Deki;

namespace WikiBus.Producer;

/// <summary>An event as Dream delivers it to a recipient.</summary>
public sealed record DekiDelivery
{
    /// <summary>The event's id. It is the same if Dream delivers the event again.</summary>
    public required string EventId { get; init; }

    /// <summary>The channel to which the event was published.</summary>
    public required string Channel { get; init; }

    /// <summary>What the event is about; null if it was published without a resource.</summary>
    public string? Resource { get; init; }

    /// <summary>Where the event comes from, in order.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>The event's document.</summary>
    public required DekiEventDocument Document { get; init; }
}
