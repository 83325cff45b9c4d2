using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Sending;

/// <summary>The requests that wait for one service. They are made in order, one at a time.</summary>
internal sealed class ServiceQueue(
    string service, long bytesMax, PostClient client, SendingDiagnostics diagnostics, ILogger logger)
{
    private readonly Channel<OutgoingPost> _posts = Channel.CreateUnbounded<OutgoingPost>(
        new UnboundedChannelOptions { SingleReader = true });

    private long _bytes;

    // So that a full queue is logged once, until it is half empty again.
    private bool _isFull;

    /// <summary>The bytes that wait, or are being sent.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds a request at the end. False means that it was dropped.</summary>
    public bool TryAdd(OutgoingPost post)
    {
        // It may be larger than the limit if nothing else waits.
        var bytes = Interlocked.Add(ref _bytes, post.Body.Length);
        var fits = bytes <= bytesMax || bytes == post.Body.Length;
        if (fits && _posts.Writer.TryWrite(post))
        {
            diagnostics.Queued(post);
            if (bytes <= bytesMax / 2)
            {
                Volatile.Write(ref _isFull, false);
            }

            return true;
        }

        Interlocked.Add(ref _bytes, -post.Body.Length);
        diagnostics.Dropped(post, fits ? "stopped" : "queue_full");
        if (fits)
        {
            logger.NotSentBeforeStop(service, post.EventCount);
        }
        else if (!Interlocked.Exchange(ref _isFull, true))
        {
            logger.QueueIsFull(service, bytesMax);
        }

        return false;
    }

    /// <summary>Takes no more requests.</summary>
    public void Complete() => _posts.Writer.TryComplete();

    /// <summary>Makes the requests until the last one after <see cref="Complete"/>, or until it is cut off.</summary>
    public async Task RunAsync(CancellationToken cutOff)
    {
        var notSent = 0;
        await foreach (var post in _posts.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                cutOff.ThrowIfCancellationRequested();
                await client.PostAsync(post, cutOff).ConfigureAwait(false);
            }
            catch (Exception) when (cutOff.IsCancellationRequested)
            {
                notSent += post.EventCount;
                diagnostics.Dropped(post, "stopped");
            }
            catch (Exception)
            {
                // The logging or a listener of the metrics threw it. That must not end the sender.
            }

            Interlocked.Add(ref _bytes, -post.Body.Length);
            diagnostics.Unqueued(post);
        }

        if (notSent > 0)
        {
            logger.NotSentBeforeStop(service, notSent);
        }
    }
}
