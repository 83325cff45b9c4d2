using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Publishing;

/// <inheritdoc cref="IWikiEventPublisher"/>
internal sealed partial class WikiEventPublisher(
    IServiceProvider services,
    EventSender sender,
    RequestId requestId,
    IOptions<ProducerOptions> options,
    SendingDiagnostics diagnostics,
    TimeProvider clock,
    ILogger<WikiEventPublisher> logger)
    : IWikiEventPublisher, IDisposable
{
    private List<MediaWikiEvent> _events = [];
    private long _bytes;
    private bool _isDisposed;

    // A wiki that sends no events of MediaWiki does not configure what the builder needs.
    public MediaWikiEvents Events => services.GetRequiredService<MediaWikiEvents>();

    public EventContext NewContext(DateTimeOffset? time = null) =>
        new(Guid.NewGuid(), requestId.Value, time ?? clock.GetUtcNow());

    public void Publish(params IReadOnlyList<MediaWikiEvent> events)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (var item in events)
        {
            if (_bytes + item.Json.Length > options.Value.QueueBytesMax)
            {
                diagnostics.Dropped(item, "queue_full");
                continue;
            }

            _bytes += item.Json.Length;
            _events.Add(item);
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        sender.Enqueue(Take());
        return Task.CompletedTask;
    }

    public async Task<SendResult> FlushAsync(bool waitForAnswer, CancellationToken cancellationToken = default)
    {
        if (!waitForAnswer)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        var events = Take();
        return events.Count == 0
            ? new SendResult([], 0, [])
            : await sender.SendAsync(events, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _isDisposed = true;
        var events = Take();
        if (events.Count > 0)
        {
            NeverFlushed(logger, events.Count);
        }
    }

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "{Count} events were published and never flushed, so they are lost; call UseWikiBusProducer or FlushAsync")]
    private static partial void NeverFlushed(ILogger logger, int count);

    private List<MediaWikiEvent> Take()
    {
        var events = _events;
        _events = [];
        _bytes = 0;
        return events;
    }
}
