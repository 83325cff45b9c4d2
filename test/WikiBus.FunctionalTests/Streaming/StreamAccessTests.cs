using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamAccessTests
{
    // A request that came through a proxy has no trust, wherever the proxy is.
    private const string Anonymous = "Via: 1.1 proxy";

    [Theory]
    [InlineData("mediawiki.page-suppress")]
    [InlineData("mediawiki.job.refreshLinks")]
    [InlineData("test.event")]
    [InlineData("nope.event", false)]
    public async Task APrivateStream_IsUnknownToAnAnonymousPeer(string name, bool exists = true)
    {
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams", "eventstreams"));
        if (exists)
        {
            await TestEvents.AppendAsync(server, name, 1);
        }

        await using var stream = await RawStream.GetAsync(
            server.Address, $"/v2/stream/recentchange,{name}?since=0", Anonymous);
        stream.Status.ShouldBe(400);
        JsonDocument.Parse(await stream.ReadToEndAsync()).RootElement.GetProperty("detail").GetString()
            .ShouldBe(
                $"Invalid streams: {name}. The request has no key, which streams that are not public need.");
        await using var list = await RawStream.GetAsync(server.Address, "/v2/streams", Anonymous);
        var body = await list.ReadToEndAsync();
        body.ShouldNotContain($"\"{name}\"");
        body.ShouldContain("\"mediawiki.recentchange\"");
    }

    [Fact]
    public async Task AnAnonymousPeer_GetsRecordsOfPublicWikisOnly()
    {
        await using var server = await RunningServer.StartAsync(
            ("Access:PublicStreams", "eventstreams"), ("Access:PublicWikis", "de.example"));
        const string Stream = "mediawiki.recentchange";
        await TestEvents.AppendAsync(
            server,
            (Stream, TestEvents.Json(Stream, 1)),
            (Stream, TestEvents.Json(Stream, 2, domain: "de.example")),
            (Stream, TestEvents.Json(Stream, 3)),
            (Stream, TestEvents.Json(Stream, 4, domain: "de.example")));
        await using var stream = await RawStream.OpenAsync(
            server.Address, "/v2/stream/recentchange?since=0", Anonymous);
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(2);
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task AnAddressAtItsLimit_GetsRetryAfter_AndASlotComesBackOnce()
    {
        await using var server = await RunningServer.StartAsync(
            ("Access:PublicStreams", "eventstreams"), ("Streaming:ConnectionsPerAddressMax", "2"));
        const string Target = "/v2/stream/recentchange";
        await using var first = await RawStream.OpenAsync(server.Address, Target, Anonymous);
        await using (await RawStream.GetAsync(server.Address, "/v2/stream/nope", Anonymous))
        {
        }

        await using var second = await RawStream.OpenAsync(server.Address, Target, Anonymous);
        await using (var third = await RawStream.GetAsync(server.Address, "/v2/stream/nope", Anonymous))
        {
            third.Status.ShouldBe(429);
            third.Headers["retry-after"].ShouldBe("30");
            var problem = JsonDocument.Parse(await third.ReadToEndAsync()).RootElement;
            problem.GetProperty("type").GetString().ShouldBe("too_many_requests");
            problem.GetProperty("title").GetString().ShouldBe("Too Many Concurrent Connections From Your Client IP");
            problem.GetProperty("detail").GetString().ShouldBe(
                "Your HTTP client is likely opening too many concurrent connections.");
        }

        await using var trusted = await RawStream.OpenAsync(server.Address, Target);
        await first.DisposeAsync();
        int status;
        do
        {
            await using var again = await RawStream.GetAsync(server.Address, Target, Anonymous);
            status = again.Status;
        }
        while (status == 429);
        status.ShouldBe(200);
    }

    [Fact]
    public async Task TheListOfStreams_SaysWhatEachHolds()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "mediawiki.page-move", 0, 1, 2);
        await using var list = await RawStream.GetAsync(server.Address, "/v2/streams");
        list.Headers["content-type"].ShouldBe("application/json; charset=utf-8");
        var body = JsonDocument.Parse(await list.ReadToEndAsync()).RootElement;
        var streams = body.GetProperty("streams").EnumerateArray().ToList();
        var moves = streams.Single(stream => stream.GetProperty("name").GetString() == "mediawiki.page-move");
        moves.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["name", "schema", "first", "last", "recordsPerMinute"]);
        moves.GetProperty("schema").GetString().ShouldBe("mediawiki/page/move");
        moves.GetProperty("first").GetProperty("offset").GetInt64().ShouldBe(0);
        moves.GetProperty("last").GetProperty("offset").GetInt64().ShouldBe(2);
        moves.GetProperty("last").GetProperty("time").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        streams.Single(stream => stream.GetProperty("name").GetString() == "mediawiki.page-delete")
            .GetProperty("last").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task TheSpec_NamesPublicStreamsWhereClientsLookForThem()
    {
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams", "eventstreams"));
        await using var spec = await RawStream.GetAsync(server.Address, "/?spec");
        var names = JsonDocument.Parse(await spec.ReadToEndAsync()).RootElement.GetProperty("paths")
            .GetProperty("/v2/stream/{streams}").GetProperty("get").GetProperty("parameters")[0]
            .GetProperty("schema").GetProperty("items").GetProperty("enum").EnumerateArray()
            .Select(name => name.GetString()).ToList();
        names.ShouldContain("recentchange");
        names.ShouldContain("mediawiki.recentchange");
        names.ShouldNotContain("mediawiki.page-suppress");
    }

    [Fact]
    public async Task TheSpec_HasEveryParameterAndAnswer()
    {
        await using var server = await RunningServer.StartAsync();
        await using var spec = await RawStream.GetAsync(server.Address, "/?spec");
        var operation = JsonDocument.Parse(await spec.ReadToEndAsync()).RootElement.GetProperty("paths")
            .GetProperty("/v2/stream/{streams}").GetProperty("get");
        operation.GetProperty("parameters").EnumerateArray()
            .Select(parameter => $"{parameter.GetProperty("in")} {parameter.GetProperty("name")}").ShouldBe(
            [
                "path streams", "header Last-Event-ID", "query Last-Event-ID", "query lastEventId",
                "query evs_last_event_id", "query since", "query until", "query filter", "query fields",
                "query channel", "query canary",
            ]);
        operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name)
            .ShouldBe(["200", "204", "400", "401", "403", "404", "429", "503"]);
    }
}
