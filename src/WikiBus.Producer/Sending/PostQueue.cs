using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Sending;

/// <summary>
/// The requests that wait in memory. Each service has a queue of its own, so that one that hangs does not hold up the
/// others. At the stop of the host the queues are emptied, within the host's time for that.
/// </summary>
internal sealed class PostQueue(
    IOptions<ProducerOptions> options, PostClient client, SendingDiagnostics diagnostics, ILogger<PostQueue> logger)
    : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServiceQueue> _queues = new(StringComparer.Ordinal);

    // The senders start in the context of the service, and not in that of the request that needs one first.
    private readonly Channel<ServiceQueue> _newQueues = Channel.CreateUnbounded<ServiceQueue>();

    private readonly CancellationTokenSource _cutOff = new();
    private bool _isStopped;

    /// <summary>Part of the limit that the fullest queue has, from 0 to 1.</summary>
    public double Fullness
    {
        get
        {
            lock (_lock)
            {
                var bytes = _queues.Values.Select(queue => queue.Bytes).DefaultIfEmpty().Max();
                return Math.Min(1, bytes / (double)options.Value.QueueBytesMax);
            }
        }
    }

    /// <summary>
    /// Adds a request, without waiting for anything. False means that it was dropped and counted: the queue of its
    /// service is full, or the host has stopped.
    /// </summary>
    public bool TryAdd(OutgoingPost post) => QueueOf(post.Service).TryAdd(post);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isStopped = true;
            _newQueues.Writer.TryComplete();
            foreach (var queue in _queues.Values)
            {
                queue.Complete();
            }
        }

        // The base class would end the senders immediately.
        using (cancellationToken.Register(_cutOff.Cancel))
        {
            await (ExecuteTask ?? Task.CompletedTask).ConfigureAwait(false);
        }

        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cutOff.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var senders = new List<Task>();
        await foreach (var queue in _newQueues.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            senders.Add(queue.RunAsync(_cutOff.Token));
        }

        await Task.WhenAll(senders).ConfigureAwait(false);
    }

    private ServiceQueue QueueOf(string service)
    {
        lock (_lock)
        {
            if (!_queues.TryGetValue(service, out var queue))
            {
                queue = new ServiceQueue(service, options.Value.QueueBytesMax, client, diagnostics, logger);
                _queues.Add(service, queue);
                _newQueues.Writer.TryWrite(queue);
                if (_isStopped)
                {
                    queue.Complete();
                }
            }

            return queue;
        }
    }
}
