namespace WikiBus.Storage.Writing;

/// <summary>
/// Requests of a durable frame, answered by work items of the thread pool: the writer's thread wakes one worker instead
/// of one per request. What waits for an answer goes on in that worker; of many, another one may take half.
/// </summary>
internal sealed class FinishedRequests(List<QueuedRequest> requests, int start, int end) : IThreadPoolWorkItem
{
    /// <summary>So few are not worth waking another worker for.</summary>
    private const int CountMin = 8;

    public FinishedRequests(List<QueuedRequest> requests)
        : this(requests, 0, requests.Count)
    {
    }

    public void Execute()
    {
        var last = end;
        while (last - start > CountMin)
        {
            var middle = start + ((last - start) / 2);
            ThreadPool.UnsafeQueueUserWorkItem(new FinishedRequests(requests, middle, last), preferLocal: false);
            last = middle;
        }

        for (var index = start; index < last; index++)
        {
            requests[index].CompleteHere();
        }
    }
}
