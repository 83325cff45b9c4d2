using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>Sends events to one service. MediaWiki's and Deki's differ in requests and answers.</summary>
internal interface IOutboxDelivery
{
    /// <summary>The queue whose events it sends.</summary>
    OutboxQueue Queue { get; }

    /// <summary>Where it sends them, without the query.</summary>
    string Address { get; }

    /// <summary>Most events of a request.</summary>
    int EventsMax { get; }

    /// <summary>Sends events in one request. Only <paramref name="cancellation"/> makes it throw.</summary>
    Task<DeliveryAnswer> SendAsync(IReadOnlyList<PendingEvent> events, CancellationToken cancellation);

    /// <summary>The stream of an event, or its channel.</summary>
    string StreamOf(PendingEvent item);
}
