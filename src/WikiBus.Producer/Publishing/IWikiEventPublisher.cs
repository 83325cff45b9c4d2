using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer;

/// <summary>
/// Publishes the wiki's events. It collects them while a request is handled, and sends them when they are flushed:
/// <c>UseWikiBusProducer</c> flushes when the response has ended. It belongs to one scope, and is not safe for
/// concurrent use.
/// </summary>
public interface IWikiEventPublisher
{
    /// <summary>Builds events of this wiki.</summary>
    MediaWikiEvents Events { get; }

    /// <summary>
    /// The cause of one event: a random id (UUID version 4), the id of this request, and the time. All events of a
    /// scope have the same request id.
    /// </summary>
    /// <param name="time">When it happened; null is now.</param>
    EventContext NewContext(DateTimeOffset? time = null);

    /// <summary>
    /// Collects events. Call it when the change is committed: a change that is rolled back has no event. What does not
    /// fit into <see cref="ProducerOptions.QueueBytesMax"/> is dropped and counted.
    /// </summary>
    /// <param name="events">The events, in the order in which they are sent.</param>
    /// <exception cref="ObjectDisposedException">The scope has ended, so nothing would send them.</exception>
    void Publish(params IReadOnlyList<MediaWikiEvent> events);

    /// <summary>
    /// Hands the collected events to the queue in memory, and returns without a network call. The queue sends them in
    /// the background, once: what a service does not accept is logged, counted and lost.
    /// </summary>
    /// <param name="cancellationToken">Not used while the queue is in memory.</param>
    Task FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends the collected events and waits for the answers. They can overtake events that wait in the queue.
    /// </summary>
    /// <param name="waitForAnswer">If false, the events go to the queue, and the result has no requests.</param>
    /// <param name="cancellationToken">Ends the wait. The services may have the events nevertheless.</param>
    Task<SendResult> FlushAsync(bool waitForAnswer, CancellationToken cancellationToken = default);
}
