namespace WikiBus.Storage.Records;

/// <summary>
/// Between which times (<see cref="RecordIdentity.TimeMs"/>, Unix ms) the events of a segment lie that tell one. A
/// repeat tells the same time as the event that it repeats, so it is in no other segment than one that holds its time.
/// </summary>
/// <param name="MinMs">The earliest.</param>
/// <param name="MaxMs">The latest; below <paramref name="MinMs"/> when there is none.</param>
internal readonly record struct EventTimes(long MinMs, long MaxMs)
{
    public static readonly EventTimes None = new(long.MaxValue, long.MinValue);

    /// <summary>Any time may be among them.</summary>
    public static readonly EventTimes Unknown = new(long.MinValue, long.MaxValue);

    public bool Holds(long timeMs) => MinMs <= timeMs && timeMs <= MaxMs;

    /// <summary>With one more event; 0: it tells no time.</summary>
    public EventTimes With(long timeMs) => timeMs == 0 ? this : With(new EventTimes(timeMs, timeMs));

    public EventTimes With(in EventTimes other) =>
        new(Math.Min(MinMs, other.MinMs), Math.Max(MaxMs, other.MaxMs));
}
