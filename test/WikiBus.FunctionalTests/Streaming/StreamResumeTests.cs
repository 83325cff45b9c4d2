using System.Globalization;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamResumeTests
{
    [Fact]
    public async Task AResumedClient_NeitherLosesNorRepeats_AlsoWithAnotherStream()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        string id;
        await using (var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0"))
        {
            (await NumberAsync(stream)).ShouldBe("a.event 0");
            var received = await stream.ReadEventAsync();
            id = received.Id!;
        }

        await TestEvents.AppendAsync(server, "b.event", 10);
        await TestEvents.AppendAsync(server, "a.event", 2);
        await server.RestartAsync();
        await TestEvents.AppendAsync(server, "a.event", 3);
        await using var resumed = await RawStream.OpenAsync(
            server.Address, "/v2/stream/a.event,b.event?since=0", $"Last-Event-ID: {id}");
        (await NumberAsync(resumed)).ShouldBe("b.event 10");
        (await NumberAsync(resumed)).ShouldBe("a.event 2");
        (await NumberAsync(resumed)).ShouldBe("a.event 3");
    }

    [Fact]
    public async Task TheIdOfTheOpening_ResumesWhereNothingHadHappened()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0);
        string id;
        await using (var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event"))
        {
            id = (await stream.ReadBlockAsync()).Id!;
        }

        await TestEvents.AppendAsync(server, "a.event", 1);
        var query = Uri.EscapeDataString(id);
        foreach (var name in (string[])["last-event-id", "lastEventId", "lastEventID", "evs_last_event_id"])
        {
            await using var resumed = await RawStream.OpenAsync(
                server.Address, $"/v2/stream/a.event?{name}={query}");
            await TestEvents.AppendAsync(server, "a.event", 2);
            (await NumberAsync(resumed)).ShouldBe("a.event 1", name);
        }
    }

    [Fact]
    public async Task TheHeader_CountsMoreThanAPolyfillsParameter()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        var parameter = Uri.EscapeDataString("""[{"topic":"a.event","partition":0,"offset":0}]""");
        await using var stream = await RawStream.OpenAsync(
            server.Address, $"/v2/stream/a.event?lastEventId={parameter}",
            """Last-Event-ID: [{"topic":"a.event","partition":0,"offset":1}]""");
        (await NumberAsync(stream)).ShouldBe("a.event 1");
    }

    [Theory]
    [InlineData("b.event")]
    [InlineData("d.event")]
    public async Task AllStreams_OfAnIdOfAnotherLog_BeginAtItsTime(string topic)
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0);
        await TestEvents.AppendAsync(server, "c.event", 0);
        await TestEvents.AppendAsync(server, "b.event", 0);
        var names = "a.event,b.event,c.event";
        string id;
        await using (var stream = await RawStream.OpenAsync(server.Address, $"/v2/stream/{names}?since=0"))
        {
            await stream.ReadEventAsync();
            await stream.ReadEventAsync();
            id = (await stream.ReadEventAsync()).Id!;
        }

        await TestEvents.AppendAsync(server, "c.event", 1);
        await TestEvents.AppendAsync(server, "a.event", 1);
        id = id.Replace("\"log\":\"", "\"log\":\"x").Replace("b.event", topic);
        await using var resumed = await RawStream.OpenAsync(
            server.Address, $"/v2/stream/{names}", $"Last-Event-ID: {id}");
        foreach (var name in names.Split(','))
        {
            var gap = await resumed.ReadEventAsync();
            gap.Event.ShouldBe("gap");
            gap.Json.GetProperty("stream").GetString().ShouldBe(name);
            gap.Json.GetProperty("reason").GetString().ShouldBe("foreign-id");
        }

        // What has the id's time, or nearly, may come again.
        var numbers = new List<string>();
        while (numbers.LastOrDefault() != "a.event 1")
        {
            numbers.Add(await NumberAsync(resumed));
        }

        numbers.ShouldContain("c.event 1");
    }

    [Theory]
    [InlineData("""[{T:"a.event",P0,"offset":2}]""", 2, null)]
    [InlineData("""[{T:"a.event",P0,"offset":1,"timestamp":99999999999999}]""", 1, null)]
    [InlineData("""[{T:"a.event",P0,"offset":1},{T:"a.event","partition":1,"timestamp":0}]""", 1, null)]
    [InlineData("""[{T:"a.event",P0,"offset":-2}]""", 0, null)]
    [InlineData("""[{T:"a.event",P0,"offset":-2001}]""", 3, null)]
    [InlineData("""[{T:"a.event",P0,"offset":-1}]""", 4, null)]
    [InlineData("""[{T:"a.event",P0,"offset":99999999999}]""", 4, null)]
    [InlineData("""["a.event"]""", 4, null)]
    [InlineData("\"a.event\"", 4, null)]
    [InlineData("""[{"timestamp":1,P0,T:"eqiad.a.event"},{"offset":-1,P0,T:"x.a.event"}]""", 0, "foreign-id")]
    [InlineData("""[{T:"eqiad.a.event",P0,"timestamp":99999999999999}]""", 4, "foreign-id")]
    [InlineData("""[{T:"eqiad.a.event",P0,"offset":7}]""", 4, "foreign-id")]
    [InlineData("""[{T:"codfw.a.event",P0,"offset":-1}]""", 4, null)]
    [InlineData("""[{T:"a.event",P0,"offset":3,"timestamp":2,"log":"other","position":3}]""", 0, "foreign-id")]
    public async Task AnyIdOfAnother_BeginsAtItsPlace(string id, int first, string? gap)
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2, 3);
        var header = "Last-Event-ID: " + id.Replace("T:", "\"topic\":").Replace("P0", "\"partition\":0");
        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event", header);
        await TestEvents.AppendAsync(server, "a.event", 4);
        var received = await stream.ReadEventAsync();
        if (gap is not null)
        {
            received.Event.ShouldBe("gap");
            received.Json.EnumerateObject().Select(member => member.Name).ShouldBe(
                ["stream", "fromOffset", "toOffset", "reason"]);
            received.Json.GetProperty("reason").GetString().ShouldBe(gap);
            received.Json.GetProperty("toOffset").GetInt32().ShouldBe(first);
            received = await stream.ReadEventAsync();
        }

        received.Event.ShouldBe("message");
        received.Json.GetProperty("n").GetInt32().ShouldBe(first);
    }

    [Fact]
    public async Task StreamsOfAForeignId_BeginEachAtItsOwnPlace()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        await TestEvents.AppendAsync(server, "b.event", 0, 1);
        const string Id = """
            [{"topic":"a.event","partition":0,"offset":1},{"topic":"b.event","partition":0,"offset":-1}]
            """;
        await using var stream = await RawStream.OpenAsync(
            server.Address, "/v2/stream/a.event,b.event", $"Last-Event-ID: {Id}");
        await TestEvents.AppendAsync(server, "b.event", 2);
        (await NumberAsync(stream)).ShouldBe("a.event 1");
        (await NumberAsync(stream)).ShouldBe("b.event 2");
    }

    [Fact]
    public async Task Since_IsTheFirstRecordAppendedAtOrAfterIt()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2);
        long timeMs;
        await using (var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=1970-01-01"))
        {
            timeMs = (await stream.ReadEventAsync()).Place.GetProperty("timestamp").GetInt64() - 1;
        }

        var iso = DateTimeOffset.FromUnixTimeMilliseconds(timeMs)
            .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        await using var exact = await RawStream.OpenAsync(server.Address, $"/v2/stream/a.event?since={iso}");
        (await NumberAsync(exact)).ShouldBe("a.event 0");
        await using var later = await RawStream.OpenAsync(server.Address, $"/v2/stream/a.event?since={timeMs + 1}");
        await using var future = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=2100-01-01");
        await TestEvents.AppendAsync(server, "a.event", 3);
        (await NumberAsync(future)).ShouldBe("a.event 3");
    }

    [Fact]
    public async Task Until_EndsTheResponse_AndThenThereIsNoContent()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        var until = TimeProvider.System.GetUtcNow().AddSeconds(1).ToUnixTimeMilliseconds();
        var target = $"/v2/stream/a.event?since=0&until={until}";
        string id;
        await using (var stream = await RawStream.OpenAsync(server.Address, target))
        {
            (await NumberAsync(stream)).ShouldBe("a.event 0");
            (await NumberAsync(stream)).ShouldBe("a.event 1");
            id = (await stream.ReadBlockAsync()).Id!;
            (await stream.ReadToEndAsync()).ShouldBeEmpty();
        }

        await using var over = await RawStream.GetAsync(server.Address, target, $"Last-Event-ID: {id}");
        over.Status.ShouldBe(204);
    }

    private static async Task<string> NumberAsync(RawStream stream)
    {
        var received = await stream.ReadEventAsync();
        var json = received.Json;
        return $"{json.GetProperty("meta").GetProperty("stream").GetString()} {json.GetProperty("n").GetInt32()}";
    }
}
