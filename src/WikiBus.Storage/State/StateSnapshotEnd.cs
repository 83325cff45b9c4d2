namespace WikiBus.Storage.State;

/// <summary>A snapshot is durable and all its moves are done, or it failed.</summary>
internal sealed class StateSnapshotEnd(StateSegment? snapshot, Exception? failure) : StateWork
{
    public StateSegment? Snapshot { get; } = snapshot;

    public Exception? Failure { get; } = failure;
}
