namespace WikiBus.Schemas.Tests;

/// <summary>Seeds of tests by chance: printed, and given back by the environment variable <c>WIKIBUS_SEED</c>.</summary>
internal static class Fuzzing
{
    public const int Cases = 100_000;

    /// <summary>A seeded source of chance whose seed is in the test's output.</summary>
    public static Random NewRandom()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WIKIBUS_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"WIKIBUS_SEED={seed}");
        return new Random(seed);
    }

    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
