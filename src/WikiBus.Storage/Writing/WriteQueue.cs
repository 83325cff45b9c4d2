using System.Diagnostics;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Requests that wait for the writer, bounded by their bytes. Any number of callers add; one takes, and waits here
/// while the queue is empty.
/// </summary>
internal sealed class WriteQueue(long bytesMax)
{
    // An object and not a Lock: the writer waits on it.
    private readonly object _gate = new();
    private readonly LinkedList<AppendRequest> _requests = new();
    private long _bytes;
    private bool _isWoken;

    /// <summary>Bytes of the requests that wait.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>
    /// Adds a request and wakes the writer; false, with nothing queued, if the bytes would exceed the limit.
    /// </summary>
    public bool TryAdd(AppendRequest request)
    {
        lock (_gate)
        {
            if (_bytes + request.ByteCount > bytesMax)
            {
                return false;
            }

            _bytes += request.ByteCount;
            request.Place = _requests.AddLast(request);
            Wake();
            return true;
        }
    }

    /// <summary>Removes a request that was withdrawn.</summary>
    public void Withdraw(AppendRequest request)
    {
        lock (_gate)
        {
            Remove(request);
        }
    }

    /// <summary>
    /// Takes the oldest request if <paramref name="fits"/> says so; null when none waits, or it does not fit.
    /// </summary>
    public AppendRequest? TryTake(Func<AppendRequest, bool> fits)
    {
        lock (_gate)
        {
            while (_requests.First?.Value is { } request && fits(request))
            {
                Remove(request);
                if (request.TryTake())
                {
                    return request;
                }
            }

            return null;
        }
    }

    /// <summary>Ends the writer's wait, or makes the next one return immediately.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until something was added, or <see cref="Wake"/> was called, since the last wait.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (!_isWoken)
            {
                Monitor.Wait(_gate);
            }

            _isWoken = false;
        }
    }

    private void Remove(AppendRequest request)
    {
        // Race: the writer may meet a request while it is withdrawn; then both remove it.
        if (request.Place is { } place)
        {
            request.Place = null;
            _requests.Remove(place);
            _bytes -= request.ByteCount;
        }

        Debug.Assert(
            _bytes >= 0 && (_bytes == 0 || _requests.Count > 0), "The bytes are those of the requests that wait.");
    }
}
