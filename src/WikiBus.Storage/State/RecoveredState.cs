namespace WikiBus.Storage.State;

/// <summary>What recovery found.</summary>
internal sealed record RecoveredState
{
    public required StateIndex Index { get; init; }

    /// <summary>
    /// The open segments: the snapshot, if there is one, then the changes in order; the last takes new frames.
    /// </summary>
    public required List<StateSegment> Segments { get; init; }

    public required long SnapshotBytes { get; init; }

    public required long ChangesBytes { get; init; }

    public required long NextVersion { get; init; }
}
