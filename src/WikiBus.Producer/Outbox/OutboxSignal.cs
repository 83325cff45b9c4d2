namespace WikiBus.Producer.Outbox;

/// <summary>Says that rows were committed. Waiters get at most one signal, however many there were.</summary>
internal sealed class OutboxSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next signal. Take it before looking for rows.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Signals to all who wait.</summary>
    public void Wake() => Interlocked
        .Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
        .SetResult();
}
