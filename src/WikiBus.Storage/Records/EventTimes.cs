namespace WikiBus.Storage.Records;

/// <summary>
/// The range of the times (<see cref="RecordIdentity.TimeMs"/>, Unix ms) of a segment's events; events without a time
/// do not count. A repeat has the same time as the event that it repeats, so only a segment whose range holds that time
/// can have that event.
/// </summary>
/// <param name="MinMs">The earliest.</param>
/// <param name="MaxMs">The latest; below <paramref name="MinMs"/> when there is none.</param>
internal readonly record struct EventTimes(long MinMs, long MaxMs)
{
    public static readonly EventTimes None = new(long.MaxValue, long.MinValue);

    /// <summary>Holds every time.</summary>
    public static readonly EventTimes Unknown = new(long.MinValue, long.MaxValue);

    public bool Holds(long timeMs) => MinMs <= timeMs && timeMs <= MaxMs;

    /// <summary>With one more event; 0: it has no time.</summary>
    public EventTimes With(long timeMs) => timeMs == 0 ? this : With(new EventTimes(timeMs, timeMs));

    public EventTimes With(in EventTimes other) =>
        new(Math.Min(MinMs, other.MinMs), Math.Max(MaxMs, other.MaxMs));
}
