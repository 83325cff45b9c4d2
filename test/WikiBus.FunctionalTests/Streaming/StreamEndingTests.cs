using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamEndingTests
{
    private const string Anonymous = "Via: 1.1 proxy";

    [Fact]
    public async Task AStalledClient_IsEndedByTheWriteDeadline_AndOthersContinue()
    {
        // More than the socket buffers of both sides.
        const int Count = 400;
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<TimeProvider>(time), ("Streaming:WriteTimeout", "60 s"));
        await TestEvents.AppendAsync(server, "a.event", -1);
        await TestEvents.AppendAsync(server, "b.event", -1);
        await using var stalled = await RawStream.GetAsync(server.Address, "/v2/stream/a.event,b.event");
        await using var reading = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event,b.event?fields=n");
        await AppendLargeAsync(server, Count);
        for (var expected = 0; expected < Count; expected++)
        {
            (await reading.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(expected);
        }

        // Until here, time stood still for the reading client, however slow the machine. Each step visits some
        // connections. The system has its own time, and would give the connection up after a minute.
        await MetricAsync(
            server, "wikibus_streaming_write_timeouts_total", atLeast: 1,
            between: () => time.Advance(TimeSpan.FromSeconds(6)));

        // The client that did not read gets only what was on its way, and then no end of the body.
        await MetricAsync(server, "wikibus_streaming_connections", atMost: 1);
        await Should.ThrowAsync<IOException>(stalled.ReadToEndAsync);
        await TestEvents.AppendAsync(server, "b.event", 7);
        (await reading.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task ARevokedKey_EndsItsStreams_AndOthersContinue()
    {
        await using var server = await RunningServer.StartAsync(("Streaming:HeartbeatInterval", "1 s"));
        await TestEvents.AppendAsync(server, "a.event", 0);
        var key = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        await using var revoked = await RawStream.OpenAsync(
            server.Address, "/v2/stream/a.event", Anonymous, $"Authorization: Bearer {key}");
        await using var other = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event");
        (await KeyApi.StatusAsync(server, HttpMethod.Delete, "/v1/keys/reader", KeyApi.AdminKey(server)))
            .ShouldBeInRange(200, 204);
        await TestEvents.AppendAsync(server, "a.event", 1);

        var rest = await revoked.ReadToEndAsync();
        rest.ShouldNotContain("data:");
        rest.TrimEnd('\n').Split("\n\n")[^1].ShouldStartWith("retry: ");
        (await other.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task AStop_EndsAThousandConnectionsOneAfterTheOther_EachWithADelay()
    {
        const int Count = 1000;
        using var directory = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(directory.Combine("data"));
        var streams = new List<RawStream>();
        for (var number = 0; number < Count; number++)
        {
            streams.Add(await RawStream.OpenAsync(server.Address, "/v2/stream/test.event"));
        }

        var stopping = server.TerminateAsync();
        var delays = await Task.WhenAll(streams.Select(DelayAsync)).WaitAsync(TestTime.Limit);
        (await stopping).ShouldBe(0);
        server.Error.ShouldContain("Stopped; the log is closed");
        delays.ShouldAllBe(delay => delay >= 1000 && delay <= 3000);
        delays.Distinct().Count().ShouldBeGreaterThan(Count / 2);
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    private static async Task<int> DelayAsync(RawStream stream)
    {
        var blocks = (await stream.ReadToEndAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var last = new SseBlock(blocks[^1]);
        last.Order.ShouldBe("retry,id");
        return int.Parse(last.Retry!, CultureInfo.InvariantCulture);
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

    private static async Task MetricAsync(
        RunningServer server, string name, int atLeast = 0, int atMost = int.MaxValue, Action? between = null)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (true)
        {
            var text = await server.Client.GetStringAsync("/metrics", limit.Token);
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
            var value = line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            if (value >= atLeast && value <= atMost)
            {
                return;
            }

            between?.Invoke();
        }
    }
}
