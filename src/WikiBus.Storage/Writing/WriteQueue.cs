using System.Collections.Concurrent;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Requests that wait for the writer, bounded by their bytes. Any number of callers add; one at a time takes.
/// </summary>
internal sealed class WriteQueue(long bytesMax)
{
    private readonly ConcurrentQueue<QueuedRequest> _requests = new();
    private long _bytes;

    /// <summary>Bytes of the requests that wait.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsEmpty => _requests.IsEmpty;

    /// <summary>False, with nothing queued, if the bytes would exceed the limit.</summary>
    public bool TryAdd(QueuedRequest request)
    {
        if (Interlocked.Add(ref _bytes, request.ByteCount) > bytesMax)
        {
            Interlocked.Add(ref _bytes, -request.ByteCount);
            return false;
        }

        _requests.Enqueue(request);
        return true;
    }

    /// <summary>
    /// The bytes of a withdrawn request are free at once; the request itself is skipped when its turn comes.
    /// </summary>
    public void Withdraw(QueuedRequest request) => Interlocked.Add(ref _bytes, -request.ByteCount);

    /// <summary>
    /// Takes the oldest request if <paramref name="fits"/> says so; null when none waits, or it does not fit.
    /// </summary>
    public QueuedRequest? TryTake(Func<QueuedRequest, bool> fits)
    {
        while (_requests.TryPeek(out var request) && fits(request))
        {
            _requests.TryDequeue(out _);
            if (request.TryTake())
            {
                Interlocked.Add(ref _bytes, -request.ByteCount);
                return request;
            }
        }

        return null;
    }
}
