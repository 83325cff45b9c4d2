namespace WikiBus.Storage.State;

/// <summary>A batch of changes that waits for the writer.</summary>
internal sealed class StateCommit(IReadOnlyList<StateChange> changes) : StateWork
{
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<StateChange> Changes { get; } = changes;

    /// <summary>Bytes of keys and values.</summary>
    public long Bytes { get; } = changes.Sum(change => (long)change.Key.Length + (change.Value?.Length ?? 0));

    public Task<bool> Completion => _completion.Task;

    /// <summary>
    /// Whether every key has the version that was expected of it; known before the flush, told after it.
    /// </summary>
    public bool IsAccepted { get; set; }

    public void Complete() => _completion.TrySetResult(IsAccepted);

    public void Fail(Exception exception) => _completion.TrySetException(exception);
}
