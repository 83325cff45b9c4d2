using System.Globalization;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// Kills the real server (SIGKILL) many times while writers post. The log then has every acknowledged event exactly
/// once, each writer's events in order, and only whole requests. <c>WIKIBUS_CRASH_ROUNDS</c> sets the number of rounds,
/// <c>WIKIBUS_CRASH_SEED</c> the seed.
/// </summary>
public sealed class ProcessCrashTests
{
    private const int WriterCount = 8;
    private const int AcknowledgementsMax = 300;

    [Fact]
    public async Task KilledUnderWriters_LosesNothingAcknowledged()
    {
        var rounds = FromEnvironment("WIKIBUS_CRASH_ROUNDS", 10);
        var seed = FromEnvironment("WIKIBUS_CRASH_SEED", 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, seed {seed}");
        using var data = new TestDirectory();
        var random = new Random(seed);
        CrashWriter[] writers =
            [.. Enumerable.Range(0, WriterCount).Select(writer => new CrashWriter(writer, random.Next()))];
        for (var round = 0; round < rounds; round++)
        {
            await using var server = await ServerProcess.StartAsync(data.FullPath);
            Check(writers, await CrashedLog.ReadIdsAsync(data.Combine("log")));
            await server.KillDuringAsync(random.Next(1, AcknowledgementsMax), acknowledged => Task.WhenAll(
                writers.Select(writer => writer.PostUntilCrashAsync(server.Address, acknowledged))));
        }

        await using var last = await ServerProcess.StartAsync(data.FullPath);
        Check(writers, await CrashedLog.ReadIdsAsync(data.Combine("log")));
    }

    private static void Check(CrashWriter[] writers, List<string> ids)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            places.TryAdd(ids[i], i).ShouldBeTrue($"{ids[i]} is there twice");
        }

        foreach (var writer in writers)
        {
            var last = -1;
            foreach (var request in writer.Requests)
            {
                last = Check(request, places, last);
            }
        }

        ids.Count.ShouldBeLessThanOrEqualTo(writers.Sum(writer => writer.Requests.Sum(request => request.Ids.Count)));
    }

    /// <summary>Returns the place of the writer's last event so far.</summary>
    private static int Check(PostedRequest request, Dictionary<string, int> places, int last)
    {
        var found = request.Ids.Where(places.ContainsKey).Select(id => places[id]).ToList();
        if (found.Count == 0)
        {
            request.IsAcknowledged.ShouldBeFalse($"{request} is lost");
            return last;
        }

        found.Count.ShouldBe(request.Ids.Count, $"{request} is torn");
        foreach (var place in found)
        {
            place.ShouldBeGreaterThan(last, $"{request} is out of its writer's order");
            last = place;
        }

        return last;
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
