namespace WikiBus.Storage.Tests.Durability;

/// <summary>Runs a workload for many seeds, and again with each of its flushes taken away.</summary>
internal sealed class SeededSuite(Func<int, string?, InterruptedWorkload> newWorkload)
{
    public const int SeedCount = 200;

    /// <summary>
    /// Some flushes matter only when two rare faults meet; so up to this number of seeds is tried until the suite
    /// notices a missing one.
    /// </summary>
    private const int NoticingSeedsMax = 3_000;

    private const int SeedsPerCase = 20;

    /// <summary>The seeds in portions, so that a failure names few of them.</summary>
    public static TheoryData<int> FirstSeeds =>
        [.. Enumerable.Range(0, SeedCount / SeedsPerCase).Select(index => index * SeedsPerCase)];

    public async Task RunAsync(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + SeedsPerCase; seed++)
        {
            try
            {
                await newWorkload(seed, null).RunAsync();
            }
            catch (Exception exception)
                when (exception is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }
    }

    /// <summary>The purpose of every flush in any seed.</summary>
    public async Task<IReadOnlyCollection<string>> FindFlushesAsync()
    {
        var flushes = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < SeedsPerCase; seed++)
        {
            var workload = newWorkload(seed, null);
            await workload.RunAsync();
            flushes.UnionWith(workload.Flushes);
        }

        return flushes;
    }

    /// <summary>The first seed that fails when a flush does nothing; null: no seed notices.</summary>
    public async Task<int?> FindFailingSeedAsync(string ignoredFlush)
    {
        for (var seed = 0; seed < NoticingSeedsMax; seed++)
        {
            try
            {
                await newWorkload(seed, ignoredFlush).RunAsync();
            }
            catch (Exception exception)
                when (exception is DurabilityFault or LogDamagedException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{ignoredFlush}: seed {seed}: {exception.Message}");
                return seed;
            }
        }

        return null;
    }
}
