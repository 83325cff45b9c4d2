namespace WikiBus.Storage.Segments;

/// <summary>How far a stream has come.</summary>
/// <param name="NextOffset">The offset that its next record gets.</param>
/// <param name="LastTimeMs">Time of append of its newest record; 0: there never was one.</param>
/// <param name="LastPosition">Position of its newest record; -1: there never was one.</param>
internal readonly record struct StreamTail(long NextOffset, long LastTimeMs, long LastPosition);
