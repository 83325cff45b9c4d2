using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.Deki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Deki;

/// <summary>The events that one scope has published, as requests that wait for the flush.</summary>
internal sealed class DekiEventPublisher(
    DekiPosts posts,
    PostQueue queue,
    IHttpContextAccessor requests,
    TimeProvider time,
    IOptions<ProducerOptions> options,
    SendingDiagnostics diagnostics,
    ILogger<DekiEventPublisher> logger) : IDekiEventPublisher, IDisposable
{
    private readonly List<OutgoingPost> _collected = [];
    private long _bytes;
    private bool _isFull;
    private bool _isDisposed;

    public DekiEvents Events { get; } = posts.EventsOf(requests.HttpContext, time);

    public void Publish(params IReadOnlyList<DekiEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (var post in events.Where(posts.IsSent).Select(item => posts.Of(item)).ToList())
        {
            Collect(post);
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        foreach (var post in _collected)
        {
            queue.TryAdd(post);
        }

        _collected.Clear();
        _bytes = 0;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _isDisposed = true;
        if (_collected.Count > 0)
        {
            logger.NotFlushed(_collected.Count);
        }
    }

    private void Collect(OutgoingPost post)
    {
        _bytes += post.Body.Length;
        if (_bytes <= options.Value.QueueBytesMax || _collected.Count == 0)
        {
            _collected.Add(post);
            return;
        }

        _bytes -= post.Body.Length;
        diagnostics.Dropped(post, "queue_full");
        if (!_isFull)
        {
            _isFull = true;
            logger.TooManyCollected(options.Value.QueueBytesMax);
        }
    }
}
