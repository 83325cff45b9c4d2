namespace WikiBus.Fuzzing;

/// <summary>Short forms of random choices.</summary>
internal static class RandomExtensions
{
    /// <summary>One of the choices.</summary>
    public static T Pick<T>(this Random random, params IReadOnlyList<T> choices) =>
        choices[random.Next(choices.Count)];

    /// <summary>True in one of this number of cases.</summary>
    public static bool OneIn(this Random random, int count) => random.Next(count) == 0;
}
