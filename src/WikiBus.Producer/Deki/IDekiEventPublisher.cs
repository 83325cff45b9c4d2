using WikiBus.Events.Deki;

namespace WikiBus.Producer;

/// <summary>
/// Publishes the events of MindTouch Deki. Each scope of services has one, so each request has its own. Its members are
/// not safe for concurrent use.
/// </summary>
public interface IDekiEventPublisher
{
    /// <summary>
    /// Builds events of the configured wiki. Their time is that at which the scope got its publisher. Their base URI is
    /// the request's parameter <c>baseuri</c>, if that is an absolute URI of <c>http</c> or <c>https</c>.
    /// </summary>
    DekiEvents Events { get; }

    /// <summary>
    /// Collects events until <see cref="FlushAsync"/>, which <c>UseWikiBusProducer</c> calls when the response has
    /// ended. Call it when the change is committed: a change that is rolled back has no event. Events about views of
    /// pages are left out unless the settings enable them. If more than <see cref="ProducerOptions.QueueBytesMax"/>
    /// bytes are collected, further events are dropped and counted.
    /// </summary>
    /// <param name="events">The events, as a builder returns them.</param>
    /// <exception cref="ArgumentException">The channel, resource or origins of an event are not URIs.</exception>
    /// <exception cref="ObjectDisposedException">The scope has ended, so nothing would send them.</exception>
    void Publish(params IReadOnlyList<DekiEvent> events);

    /// <summary>
    /// Hands the collected events to the queue, in their order. It waits for nothing: a background service posts them,
    /// each once. Events that are never flushed are not sent.
    /// </summary>
    /// <param name="cancellationToken">Not used while the queue is in memory.</param>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
