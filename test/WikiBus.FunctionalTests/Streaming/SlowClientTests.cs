using WikiBus.FunctionalTests.Hostile;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>Runs alone, since it measures the memory of the process that other tests run in, too.</summary>
[Collection(AloneCollection.Name)]
public sealed class SlowClientTests
{
    [Fact]
    public async Task ASlowClient_IsBehind_AndNothingIsKeptForIt()
    {
        const int Count = 800;
        await using var server = await RunningServer.StartAsync(("Streaming:CacheBytesMax", "1048576"));
        await TestEvents.AppendAsync(server, "a.event", -1);
        await using var slow = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event");
        await AppendLargeAsync(server, 20);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var appended = 20; appended < Count; appended += 20)
        {
            await AppendLargeAsync(server, 20, appended);
        }

        // 200 MB were appended; one connection and the shared window may hold at most 2 MB.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(50L << 20);
        for (var expected = 0; expected < 40; expected++)
        {
            (await slow.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(expected);
        }
    }

    private static async Task AppendLargeAsync(RunningServer server, int count, int first = 0)
    {
        var text = new string('x', 256 << 10);
        for (var number = first; number < first + count; number++)
        {
            await TestEvents.AppendAsync(
                server, ("a.event", TestEvents.Json("a.event", number, more: $",\"text\":\"{text}\"")));
        }
    }
}
