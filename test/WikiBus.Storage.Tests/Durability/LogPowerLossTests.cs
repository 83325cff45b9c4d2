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
        ["SegmentPreparation.FlushFilled: Flush"] =
            "makes prepared space ready; what is written into it later is flushed by itself",
        ["LogTail.Cut: Flush"] =
            "brings forward a cut that the next segment's header states anyway; it shows that the disk works again",
    };

    public static TheoryData<int> FirstSeeds => SeededSuite.FirstSeeds;

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public Task InterruptedAnywhere_LosesNothingAcknowledged(int firstSeed) => s_suite.RunAsync(firstSeed);

    [Fact]
    public async Task AnyFlushTakenAway_IsNoticed()
    {
        var sites = await s_suite.FindFlushSitesAsync();
        sites.ShouldNotBeEmpty();
        var unnoticed = new List<string>();
        foreach (var site in sites)
        {
            if (s_withoutPromise.TryGetValue(site, out var reason))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{site}: exempt, it {reason}");
            }
            else if (await s_suite.FindFailingSeedAsync(site) is null)
            {
                unnoticed.Add(site);
            }
        }

        unnoticed.ShouldBeEmpty();
    }
}
