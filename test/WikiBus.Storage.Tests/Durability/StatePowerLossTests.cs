namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// Power loss or a killed process at any call, any part of the unsynced changes gone: no acknowledged commit is lost.
/// </summary>
public sealed class StatePowerLossTests
{
    private static readonly SeededSuite s_suite = new((seed, ignoredFlush) => new StateWorkload(seed, ignoredFlush));

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
            if (await s_suite.FindFailingSeedAsync(site) is null)
            {
                unnoticed.Add(site);
            }
        }

        unnoticed.ShouldBeEmpty();
    }
}
