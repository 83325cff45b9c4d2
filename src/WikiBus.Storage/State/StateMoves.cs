namespace WikiBus.Storage.State;

/// <summary>
/// Values that a new snapshot holds: their entries are to name the place there, if the key did not change since.
/// </summary>
internal sealed class StateMoves(IReadOnlyList<StateEntry> entries) : StateWork
{
    public IReadOnlyList<StateEntry> Entries { get; } = entries;
}
