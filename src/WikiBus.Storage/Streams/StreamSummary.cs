namespace WikiBus.Storage;

/// <summary>A stream as the log knows it, at one moment.</summary>
/// <param name="Name">The stream's name.</param>
/// <param name="FirstOffset">The smallest offset still held (retention deletes the oldest); equals
/// <paramref name="NextOffset"/> when none is.</param>
/// <param name="NextOffset">The offset that the next record gets, which is also how many were ever appended.</param>
/// <param name="FirstTimeMs">Time of append of the first record still held, Unix ms; 0 when none is.</param>
/// <param name="LastTimeMs">Time of append of the newest record, Unix ms; 0 when there never was one.</param>
/// <param name="LastPosition">Position of the newest record; -1 when there never was one.</param>
public sealed record StreamSummary(
    string Name, long FirstOffset, long NextOffset, long FirstTimeMs, long LastTimeMs, long LastPosition);
