namespace WikiBus.Storage;

/// <summary>A segment as <see cref="LogInspector"/> finds it.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="FirstPosition">No record in it has a smaller position.</param>
/// <param name="EndPosition">The position after its last intact record.</param>
/// <param name="RecordCount">Its intact records.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="FirstTimeMs">Time of append of its first intact record, Unix ms; 0: it has none.</param>
/// <param name="LastTimeMs">Time of append of its last intact record, Unix ms; 0: it has none.</param>
public sealed record LogSegmentSummary(
    string File, long Number, long FirstPosition, long EndPosition, long RecordCount, long Bytes,
    long FirstTimeMs, long LastTimeMs);
