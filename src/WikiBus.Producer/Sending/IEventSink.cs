using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Sending;

/// <summary>Where jobs and purges go: to their services at once, or into the outbox.</summary>
internal interface IEventSink
{
    /// <summary>Sends events, and waits for the answers if there are any.</summary>
    Task<SendResult> SendAsync(IReadOnlyList<MediaWikiEvent> events, CancellationToken cancellation);
}
