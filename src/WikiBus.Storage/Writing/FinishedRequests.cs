namespace WikiBus.Storage.Writing;

/// <summary>
/// Requests of a durable frame, answered by one work item of the thread pool: the writer's thread wakes one worker
/// instead of one per request, and the answers, queued by that worker, are shared out among those that are awake.
/// </summary>
internal sealed class FinishedRequests(List<QueuedRequest> requests) : IThreadPoolWorkItem
{
    public void Execute()
    {
        foreach (var request in requests)
        {
            request.Complete();
        }
    }
}
