using System.Globalization;

namespace WikiBus.Schemas.Tests;

/// <summary>
/// Seeds of tests by chance: printed, and given back by the environment variable <c>WIKIBUS_FUZZ_SEED</c>;
/// <c>WIKIBUS_FUZZ_CASES</c> says how many cases are tried.
/// </summary>
internal static class Fuzzing
{
    private const int CasesDefault = 100_000;

    public static int Cases { get; } = Read("WIKIBUS_FUZZ_CASES") ?? CasesDefault;

    /// <summary>A seeded source of chance whose seed is in the test's output.</summary>
    public static Random NewRandom()
    {
        var seed = Read("WIKIBUS_FUZZ_SEED") ?? Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"WIKIBUS_FUZZ_SEED={seed} WIKIBUS_FUZZ_CASES={Cases}");
        return new Random(seed);
    }

    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private static int? Read(string variable)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
