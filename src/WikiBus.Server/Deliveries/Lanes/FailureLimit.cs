namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>After which failures in a row a destination counts as failing.</summary>
/// <param name="CountMax">As many different records failed, from 1; <see cref="int.MaxValue"/>: the number does not
/// count.</param>
/// <param name="TimeMax">Nothing succeeded for longer; null: the time does not count.</param>
internal sealed record FailureLimit(int CountMax, TimeSpan? TimeMax)
{
    /// <summary>Larger numbers do not count, since the records are remembered.</summary>
    public const int CountLimit = 1_000;

    public static readonly FailureLimit Default = new(CountMax: 10, TimeMax: null);
}
