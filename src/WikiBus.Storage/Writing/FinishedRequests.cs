namespace WikiBus.Storage.Writing;

/// <summary>
/// Requests of a durable frame, as work items of the thread pool that answer them: one worker is woken instead of one
/// per request. What waits for an answer goes on in that worker; of many, another one may take half.
/// </summary>
internal sealed class FinishedRequests : IThreadPoolWorkItem
{
    /// <summary>So few are not worth waking another thread for.</summary>
    private const int CountMin = 16;

    private readonly List<QueuedRequest> _requests;
    private readonly int _start;
    private readonly int _end;

    private FinishedRequests(List<QueuedRequest> requests, int start, int end)
    {
        _requests = requests;
        _start = start;
        _end = end;
    }

    /// <summary>
    /// Answers all: by the thread that calls, the writer's, the first few if they may go on there, and by the pool the
    /// others. More requests arrive meanwhile, and the next frame holds them together.
    /// </summary>
    public static void Answer(List<QueuedRequest> requests)
    {
        var hereMax = requests.Count < 2 * CountMin ? requests.Count : CountMin;
        var here = 0;
        while (here < hereMax && requests[here].MayContinueInWriter)
        {
            here++;
        }

        if (here < requests.Count)
        {
            Queue(requests, here, requests.Count);
        }

        for (var index = 0; index < here; index++)
        {
            requests[index].CompleteHere();
        }
    }

    public void Execute()
    {
        var last = _end;
        while (last - _start > CountMin)
        {
            var middle = _start + ((last - _start) / 2);
            Queue(_requests, middle, last);
            last = middle;
        }

        for (var index = _start; index < last; index++)
        {
            _requests[index].CompleteHere();
        }
    }

    private static void Queue(List<QueuedRequest> requests, int start, int end) =>
        ThreadPool.UnsafeQueueUserWorkItem(new FinishedRequests(requests, start, end), preferLocal: false);
}
