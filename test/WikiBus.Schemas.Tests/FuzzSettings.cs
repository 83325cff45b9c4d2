using System.Globalization;

namespace WikiBus.Schemas.Tests;

/// <summary>
/// The seed and the number of cases of a fuzz test; both can be set from outside, and the seed is printed.
/// </summary>
internal static class FuzzSettings
{
    private const int SeedDefault = 20_120;
    private const int CasesDefault = 100_000;

    public static int Cases { get; } = Read("WIKIBUS_FUZZ_CASES", CasesDefault);

    public static Random NewRandom(ITestOutputHelper output)
    {
        var seed = Read("WIKIBUS_FUZZ_SEED", SeedDefault);
        output.WriteLine($"WIKIBUS_FUZZ_SEED={seed} WIKIBUS_FUZZ_CASES={Cases}");
        return new Random(seed);
    }

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out var value) ? value : otherwise;
}
