using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Publishing;

namespace WikiBus.Producer.Outbox;

/// <summary>Publishes the events of MediaWiki into the transaction of the scope.</summary>
internal sealed class OutboxPublisher(
    IServiceProvider services, OutboxSink sink, OutboxScope scope, RequestId requestId, TimeProvider clock)
    : IWikiEventPublisher
{
    // A wiki that sends no events of MediaWiki does not configure what the builder needs.
    public MediaWikiEvents Events => services.GetRequiredService<MediaWikiEvents>();

    // With an id that has a time (version 7), WikiBus recognises an event that is sent again, however late that is.
    public EventContext NewContext(DateTimeOffset? time = null)
    {
        var now = clock.GetUtcNow();
        return new EventContext(Guid.CreateVersion7(now), requestId.Value, time ?? now);
    }

    public void Publish(params IReadOnlyList<MediaWikiEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        sink.Collect(events);
    }

    public Task FlushAsync(CancellationToken cancellationToken = default) => scope.FlushAsync(cancellationToken);

    public async Task<SendResult> FlushAsync(bool waitForAnswer, CancellationToken cancellationToken = default)
    {
        await scope.FlushAsync(cancellationToken).ConfigureAwait(false);
        return new SendResult([], 0, []);
    }
}
