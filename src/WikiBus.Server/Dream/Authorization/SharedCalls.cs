namespace WikiBus.Server.Dream.Authorization;

/// <summary>Lets callers that ask the same at the same time share one call. Safe for concurrent use.</summary>
/// <typeparam name="TKey">What the call asks.</typeparam>
/// <typeparam name="TAnswer">Its answer.</typeparam>
internal sealed class SharedCalls<TKey, TAnswer>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Task<TAnswer>> _running = [];

    /// <summary>
    /// The answer of the running call, else of a new one. If the call fails, all who wait get the failure.
    /// </summary>
    /// <param name="key">What is asked.</param>
    /// <param name="call">Asks. It goes on when those who wait for it give up, so it limits its time itself.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<TAnswer> JoinAsync(TKey key, Func<Task<TAnswer>> call, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out var running))
            {
                running = RunAsync(key, call);
                _running.Add(key, running);
            }

            return running.WaitAsync(cancellationToken);
        }
    }

    private async Task<TAnswer> RunAsync(TKey key, Func<Task<TAnswer>> call)
    {
        // The caller holds the lock.
        await Task.Yield();
        try
        {
            return await call();
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(key);
            }
        }
    }
}
