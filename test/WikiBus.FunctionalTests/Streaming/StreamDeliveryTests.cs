using System.Globalization;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamDeliveryTests
{
    [Theory]
    [InlineData(20, 2000)]
    [InlineData(200, 200)]
    public async Task ManyReaders_GetEverythingInOrder_LiveAndReplayed(int readers, int count)
    {
        // A heartbeat would bring events that an offer missed.
        await using var server = await RunningServer.StartAsync(("Streaming:HeartbeatInterval", "5 min"));
        await TestEvents.AppendAsync(server, "a.event", 0);
        var reading = new List<Task>();
        for (var reader = 0; reader < readers; reader++)
        {
            reading.Add(ReadAsync(server, reader % 2 == 0 ? "application/json" : "text/event-stream", count));
        }

        for (var number = 1; number < count; number += 7)
        {
            await TestEvents.AppendAsync(server, "other.event", number);
            await TestEvents.AppendAsync(server, "a.event", [.. Enumerable.Range(number, Math.Min(7, count - number))]);
        }

        await Task.WhenAll(reading).WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task FirstReader_GetsWhatIsCommittedMeanwhileAndLater()
    {
        // A heartbeat would bring events that an offer missed.
        await using var server = await RunningServer.StartAsync(("Streaming:HeartbeatInterval", "5 min"));
        // Without any event the stream would be unknown to the first reader.
        await TestEvents.AppendAsync(server, "a.event", 0);
        for (var number = 1; number < 100; number += 2)
        {
            var meanwhile = TestEvents.AppendAsync(server, "a.event", number);
            await using var reader = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0");
            for (var expected = 0; expected <= number + 1; expected++)
            {
                if (expected == number + 1)
                {
                    await meanwhile;
                    await TestEvents.AppendAsync(server, "a.event", expected);
                }

                (await reader.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(expected);
            }
        }
    }

    [Fact]
    public async Task FiltersFieldsAndCanary_ShapeWhatIsSent()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(
            server,
            ("a.event", TestEvents.Json("a.event", 1, more: ",\"wiki\":\"x\",\"tags\":[\"bot\",\"z\"]")),
            ("a.event", TestEvents.Json("a.event", 2, domain: "canary", more: ",\"wiki\":\"x\"")),
            ("a.event", TestEvents.Json("a.event", 3, more: ",\"wiki\":\"y\"")),
            ("a.event", TestEvents.Json("a.event", 4, domain: "de.example", more: ",\"wiki\":\"x\"")));
        await Task.WhenAll(
            ShouldGetAsync(server, "", 1, 3, 4),
            ShouldGetAsync(server, "&canary=true", 1, 2, 3, 4),
            ShouldGetAsync(server, "&filter=wiki=x", 1, 4),
            ShouldGetAsync(server, "&filter=wiki=x&filter=n>1", 4),
            ShouldGetAsync(server, "&filter=n%3E2", 3, 4),
            ShouldGetAsync(server, "&filter=tags!=bot", 3, 4),
            ShouldGetAsync(server, "&filter=tags~BO", 1),
            ShouldGetAsync(server, "&filter=meta.offset>2", 4),
            ShouldGetAsync(server, "&channel=event://DE.example/*", 4),
            ShouldGetAsync(server, "&channel=event://*/a/event", 1, 3, 4)).WaitAsync(TestTime.Limit);

        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0&fields=tags,n");
        (await stream.ReadEventAsync()).Data.ShouldBe(
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"a.event","domain":"en.example","id":"a.event-1","""
            + "\"topic\":\"a.event\",\"partition\":0,\"offset\":0},\"n\":1,\"tags\":[\"bot\",\"z\"]}");
    }

    [Fact]
    public async Task AHeartbeat_MovesTheIdOverWhatIsNotWanted()
    {
        await using var server = await RunningServer.StartAsync(("Streaming:HeartbeatInterval", "1 s"));
        await TestEvents.AppendAsync(server, "a.event", 0);
        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?filter=n=77");
        var first = (await stream.ReadBlockAsync()).Place.GetProperty("position").GetInt64();
        await TestEvents.AppendAsync(server, "a.event", 1, 2, 3);
        SseBlock beat;
        do
        {
            beat = await stream.ReadBlockAsync();
            beat.Order.ShouldBe("id");
        }
        while (beat.Place.GetProperty("position").GetInt64() < first + 3);

        await TestEvents.AppendAsync(server, "a.event", 77);
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(77);

        await using var lines = await RawStream.GetAsync(
            server.Address, "/v2/stream/a.event?filter=n=78", "Accept: application/json");
        (await lines.ReadLineAsync()).ShouldBeEmpty();
        (await lines.ReadLineAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnEventLargerThanAWrite_ArrivesWhole()
    {
        await using var server = await RunningServer.StartAsync(("Streaming:WriteBytesMax", "4096"));
        var text = string.Join(' ', Enumerable.Range(0, 200_000));
        await TestEvents.AppendAsync(
            server,
            ("a.event", TestEvents.Json("a.event", 1)),
            ("a.event", TestEvents.Json("a.event", 2, more: $",\"text\":\"{text}\"")),
            ("a.event", TestEvents.Json("a.event", 3)));
        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0");
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(1);
        (await stream.ReadEventAsync()).Json.GetProperty("text").GetString().ShouldBe(text);
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(3);
    }

    /// <summary>The large events on their way exceed the room in memory, so they are read again, bit by bit.</summary>
    [Theory]
    [InlineData("text/event-stream", "")]
    [InlineData("application/json", "&fields=n,text")]
    public async Task ManyLargeEventsAtOnce_ArriveWhole(string accept, string query)
    {
        await using var server = await RunningServer.StartAsync(("Streaming:CacheBytesMax", "1048576"));
        var text = string.Join(' ', Enumerable.Range(0, 200_000));
        await TestEvents.AppendAsync(
            server,
            ("a.event", TestEvents.Json("a.event", 1, more: $",\"text\":\"{text}\"")),
            ("a.event", TestEvents.Json("a.event", 2)),
            ("a.event", TestEvents.Json("a.event", 3, more: $",\"text\":\"{text}\"")));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync()));

        async Task ReadAsync()
        {
            await using var stream = await RawStream.GetAsync(
                server.Address, "/v2/stream/a.event?since=0" + query, $"Accept: {accept}");
            var isWhole = new List<int>();
            while (isWhole.Count < 3)
            {
                var line = await stream.ReadLineAsync();
                if (line.StartsWith("data: {", StringComparison.Ordinal) || line.StartsWith('{'))
                {
                    using var json = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]);
                    isWhole.Add(
                        json.RootElement.TryGetProperty("text", out var found) && found.GetString() == text ? 1 : 0);
                }
            }

            isWhole.ShouldBe([1, 0, 1]);
        }
    }

    [Fact]
    public async Task AStopOfTheServer_EndsStreamsWithADelayAndAnId()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0);
        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event");
        await stream.ReadBlockAsync();
        await server.StopAsync();
        var last = await stream.ReadBlockAsync();
        last.Order.ShouldBe("retry,id");
        int.Parse(last.Retry!, CultureInfo.InvariantCulture).ShouldBeInRange(1000, 3000);
        (await stream.ReadToEndAsync()).ShouldBeEmpty();
    }

    private static async Task ReadAsync(RunningServer server, string accept, int count)
    {
        await using var stream = await RawStream.GetAsync(
            server.Address, "/v2/stream/a.event?since=0", $"Accept: {accept}");
        for (var expected = 0; expected < count;)
        {
            var line = await stream.ReadLineAsync();
            var json = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line;
            if (json.StartsWith('{'))
            {
                JsonDocument.Parse(json).RootElement.GetProperty("n").GetInt32().ShouldBe(expected++);
            }
        }
    }

    // The response ends soon after "until" has passed, so the test sees every event that was sent.
    private static async Task ShouldGetAsync(RunningServer server, string query, params int[] expected)
    {
        var until = TimeProvider.System.GetUtcNow().AddMilliseconds(100).ToUnixTimeMilliseconds();
        await using var stream = await RawStream.GetAsync(
            server.Address, $"/v2/stream/a.event?since=0&until={until}{query}", "Accept: application/json");
        var lines = (await stream.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt32())
            .ShouldBe(expected, query);
    }
}
