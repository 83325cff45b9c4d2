namespace WikiBus.Storage.Tests.Durability;

/// <summary>Power loss at any call, any part of the unsynced changes gone: no acknowledged record is lost.</summary>
public sealed class LogPowerLossTests
{
    private const int SeedCount = 200;

    public static TheoryData<int> SeedsOfTen => [.. Enumerable.Range(0, SeedCount / 10)];

    [Theory]
    [MemberData(nameof(SeedsOfTen))]
    public async Task PowerLossAnywhere_LosesNothingAcknowledged(int ten)
    {
        for (var seed = ten * 10; seed < (ten + 1) * 10; seed++)
        {
            try
            {
                await new LogWorkload(seed).RunAsync();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }
    }

    [Fact]
    public async Task AnyFlushTakenAway_IsNoticed()
    {
        var sites = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 20; seed++)
        {
            var workload = new LogWorkload(seed);
            await workload.RunAsync();
            sites.UnionWith(workload.FlushSites);
        }

        sites.ShouldNotBeEmpty();
        var unnoticed = new List<string>();
        foreach (var site in sites)
        {
            if (await FirstFailingSeedAsync(site) is null)
            {
                unnoticed.Add(site);
            }
        }

        unnoticed.ShouldBeEmpty();
    }

    private static async Task<int?> FirstFailingSeedAsync(string ignoredFlush)
    {
        for (var seed = 0; seed < SeedCount; seed++)
        {
            try
            {
                await new LogWorkload(seed, ignoredFlush).RunAsync();
            }
            catch (Exception exception) when (exception is DurabilityFault or LogDamagedException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{ignoredFlush}: seed {seed}: {exception.Message}");
                return seed;
            }
        }

        return null;
    }
}
