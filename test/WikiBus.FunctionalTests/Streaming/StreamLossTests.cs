using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamLossTests
{
    [Fact]
    public async Task ClientThatComesBack_GetsAGapPerStreamThatRetentionTook()
    {
        await using var server = await StartSmallAsync();
        await TestEvents.AppendAsync(server, "b.event", 0, 1);
        await TestEvents.AppendAsync(server, "a.event", 0);
        string id;
        await using (var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0"))
        {
            id = (await stream.ReadEventAsync()).Id!;
        }

        await TestEvents.AppendAsync(server, "c.event", 0);
        await AppendUntilLostAsync(server, "a.event", first: 1);
        await using var resumed = await RawStream.OpenAsync(
            server.Address, "/v2/stream/a.event,b.event", $"Last-Event-ID: {id}");
        var ofFirst = await GapAsync(resumed);
        ofFirst.GetProperty("stream").GetString().ShouldBe("a.event");
        ofFirst.GetProperty("fromOffset").GetInt64().ShouldBe(1);
        var goesOnWith = ofFirst.GetProperty("toOffset").GetInt64();
        goesOnWith.ShouldBeGreaterThan(1);
        var ofSecond = await GapAsync(resumed);
        ofSecond.GetProperty("stream").GetString().ShouldBe("b.event");
        ofSecond.GetProperty("fromOffset").ValueKind.ShouldBe(JsonValueKind.Null);
        ofSecond.GetProperty("toOffset").GetInt64().ShouldBe(2);
        var next = await resumed.ReadEventAsync();
        next.Event.ShouldBe("message");
        next.Json.GetProperty("n").GetInt64().ShouldBe(goesOnWith);
    }

    [Fact]
    public async Task ClientThatReadsTooSlowly_GetsAGap()
    {
        await using var server = await StartSmallAsync();
        await TestEvents.AppendAsync(server, "b.event", 0);
        await TestEvents.AppendAsync(server, "a.event", -1);
        await using var slow = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event,b.event?since=0");
        (await slow.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(0);
        (await slow.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(-1);
        await AppendUntilLostAsync(server, "a.event", first: 0, bytes: 40 << 20);

        var expected = 0L;
        SseBlock received;
        while ((received = await slow.ReadEventAsync()).Event == "message")
        {
            received.Json.GetProperty("n").GetInt64().ShouldBe(expected++);
        }

        received.Event.ShouldBe("gap");
        received.Json.GetProperty("stream").GetString().ShouldBe("a.event");
        received.Json.GetProperty("fromOffset").GetInt64().ShouldBe(expected + 1);
        expected = received.Json.GetProperty("toOffset").GetInt64();
        var next = await slow.ReadEventAsync();
        next.Event.ShouldBe("message");
        next.Json.GetProperty("meta").GetProperty("offset").GetInt64().ShouldBe(expected);
    }

    [Fact]
    public async Task ReadersThatRetentionOvertakes_AlwaysGetAGap()
    {
        const int ReaderCount = 8;
        const int RequestCount = 1_000;
        const int RequestsBeforeReading = 300;
        await using var server = await StartSmallAsync();
        await TestEvents.AppendAsync(server, "a.event", 0);
        var streams = new List<RawStream>();
        for (var index = 0; index < ReaderCount; index++)
        {
            streams.Add(await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0"));
        }

        Task<int>[] reading = [];
        for (var request = 0; request < RequestCount; request++)
        {
            if (request == RequestsBeforeReading)
            {
                // By now what waits is more than connections and retention hold, however slow the machine is.
                reading = [.. streams.Select(ReadWithoutHolesAsync)];
            }

            await TestEvents.AppendAsync(server, "a.event", [.. Enumerable.Range(0, 500)]);
        }

        await TestEvents.AppendAsync(server, "a.event", -1);
        var gaps = await Task.WhenAll(reading);
        gaps.ShouldAllBe(count => count > 0);
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task WholeStreamThatRetentionTook_IsAGapForTheTimeBefore()
    {
        await using var server = await StartSmallAsync();
        await TestEvents.AppendAsync(server, "b.event", 0, 1);
        await AppendUntilLostAsync(server, "a.event", first: 0);

        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/b.event?since=0");
        var gap = await GapAsync(stream);
        gap.GetProperty("stream").GetString().ShouldBe("b.event");
        gap.GetProperty("toOffset").GetInt64().ShouldBe(2);
    }

    /// <summary>Reads to the last event, and counts the gaps.</summary>
    private static async Task<int> ReadWithoutHolesAsync(RawStream stream)
    {
        var (next, gaps) = (0L, 0);
        while (true)
        {
            var received = await stream.ReadEventAsync();
            if (received.Event == "gap")
            {
                next = received.Json.GetProperty("toOffset").GetInt64();
                gaps++;
                continue;
            }

            // By then a gap may span more than what was lost, never less.
            var offset = received.Json.GetProperty("meta").GetProperty("offset").GetInt64();
            offset.ShouldBeLessThanOrEqualTo(next);
            next = offset + 1;
            if (received.Json.GetProperty("n").GetInt32() < 0)
            {
                return gaps;
            }
        }
    }

    // A slow machine takes long to append; a client that does not read keeps its connection meanwhile.
    private static Task<RunningServer> StartSmallAsync() => RunningServer.StartAsync(
        ("Log:SegmentBytesMax", "65536"), ("Log:RetentionBytesMax", "1048576"),
        ("Streaming:CacheBytesMax", "1048576"), ("Streaming:WriteTimeout", "1 h"));

    private static async Task AppendUntilLostAsync(
        RunningServer server, string stream, int first, int bytes = 4 << 20)
    {
        var text = new string('x', 16 << 10);
        for (var number = first; (number - first) * text.Length < bytes; number++)
        {
            await TestEvents.AppendAsync(
                server, (stream, TestEvents.Json(stream, number, more: $",\"text\":\"{text}\"")));
        }
    }

    private static async Task<JsonElement> GapAsync(RawStream stream)
    {
        var received = await stream.ReadEventAsync();
        received.Event.ShouldBe("gap");
        received.Json.GetProperty("reason").GetString().ShouldBe("retention");
        return received.Json;
    }
}
