namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// Power loss or a killed process at any call, with any part of the unsynced changes lost: no acknowledged record is
/// lost.
/// </summary>
public sealed class LogPowerLossTests
{
    private static readonly SeededSuite s_suite = new((seed, ignoredFlush) => new LogWorkload(seed, ignoredFlush));

    /// <summary>Flushes that no promise rests on, and why.</summary>
    private static readonly Dictionary<string, string> s_withoutPromise = new(StringComparer.Ordinal)
    {
        ["prepared space"] =
            "makes prepared space ready; what is written into it later is flushed by itself",
        ["cut after a failure"] =
            "brings forward a cut that the next segment's header states anyway; it shows that the disk works again",
    };

    public static TheoryData<int> FirstSeeds => SeededSuite.FirstSeeds;

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public Task InterruptedAnywhere_LosesNothingAcknowledged(int firstSeed) => s_suite.RunAsync(firstSeed);

    [Fact]
    public async Task AnyFlushTakenAway_IsNoticed()
    {
        var flushes = await s_suite.FindFlushesAsync();
        flushes.ShouldNotBeEmpty();
        var unnoticed = new List<string>();
        foreach (var flush in flushes)
        {
            if (s_withoutPromise.TryGetValue(flush, out var reason))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{flush}: exempt, it {reason}");
            }
            else if (await s_suite.FindFailingSeedAsync(flush) is null)
            {
                unnoticed.Add(flush);
            }
        }

        unnoticed.ShouldBeEmpty();
    }
}
