using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamFormatTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task AnEventStream_BeginsWithOkAndAnIdThatDispatchesNothing()
    {
        await using var stream = await RawStream.OpenAsync(Server.Address, "/v2/stream/test.event");
        var block = await stream.ReadBlockAsync();
        block.Order.ShouldBe("retry,id");
        block.Retry.ShouldBe("2000");
        block.Place.GetProperty("topic").GetString().ShouldBe("test.event");
        block.Place.GetProperty("log").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task AllHeaders_AreThoseOfEventStreams()
    {
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/test.event", "Accept: text/event-stream");
        var headers = stream.Headers;
        headers["content-type"].ShouldBe("text/event-stream; charset=utf-8");
        headers["cache-control"].ShouldBe("no-cache");
        headers["connection"].ShouldBe("keep-alive");
        headers["transfer-encoding"].ShouldBe("chunked");
        ShouldHaveCommonHeaders(headers);
    }

    [Theory]
    [InlineData(null, "text/event-stream")]
    [InlineData("Accept: */*", "text/event-stream; charset=utf-8")]
    [InlineData("Accept: text/plain, application/json", "text/event-stream; charset=utf-8")]
    [InlineData("Accept: application/json", "application/json; charset=utf-8")]
    [InlineData("Accept: application/json-seq", "application/json; charset=utf-8")]
    [InlineData("Accept: application/x-ndjson", "application/json; charset=utf-8")]
    public async Task TheFormat_IsChosenByAccept(string? accept, string expected)
    {
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/test.event", accept is null ? [] : [accept]);
        stream.Status.ShouldBe(200);
        stream.Headers["content-type"].ShouldBe(expected);
        (await stream.ReadLineAsync()).ShouldBe(expected.StartsWith("text", StringComparison.Ordinal) ? ":ok" : "");
    }

    [Fact]
    public async Task JsonLines_HoldOneEventEach()
    {
        await TestEvents.AppendAsync(Server, "lines.event", 1, 2);
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/lines.event?since=0", "Accept: application/json");
        (await stream.ReadLineAsync()).ShouldBeEmpty();
        (await stream.ReadLineAsync()).ShouldBe(
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"lines.event","domain":"en.example","""
            + "\"id\":\"lines.event-1\",\"topic\":\"lines.event\",\"partition\":0,\"offset\":0},\"n\":1}");
        (await stream.ReadLineAsync()).ShouldContain("\"offset\":1},\"n\":2");
    }

    [Fact]
    public async Task Head_AnswersHeadersAndNoBody()
    {
        await using var stream = await RawStream.SendAsync(
            Server.Address, "HEAD", "/v2/stream/test.event", "Accept: text/event-stream", "Connection: close");
        stream.Status.ShouldBe(200);
        stream.Headers["content-type"].ShouldBe("text/event-stream; charset=utf-8");
        ShouldHaveCommonHeaders(stream.Headers);
    }

    [Fact]
    public async Task Options_LetsAScriptResume()
    {
        await using var stream = await RawStream.SendAsync(
            Server.Address, "OPTIONS", "/v2/stream/test.event", "Origin: https://x.example",
            "Access-Control-Request-Method: GET");
        stream.Status.ShouldBe(200);
        stream.Headers["allow"].ShouldBe("GET,HEAD");
        (await stream.ReadToEndAsync()).ShouldBe("GET,HEAD");
        stream.Headers["access-control-allow-headers"].ShouldContain("last-event-id");
        stream.Headers["access-control-allow-headers"].ShouldContain("cache-control");
        ShouldHaveCommonHeaders(stream.Headers);
    }

    [Theory]
    [InlineData("POST", "/v2/stream/test.event", "Cannot POST /v2/stream/test.event")]
    [InlineData("GET", "/v2/stream/", "Cannot GET /v2/stream/")]
    [InlineData("GET", "/v2/stream", "Cannot GET /v2/stream")]
    public async Task WhatIsNoStream_AnswersAPage(string method, string target, string expected)
    {
        await using var stream = await RawStream.SendAsync(Server.Address, method, target, "Content-Length: 0");
        stream.Status.ShouldBe(404);
        (await stream.ReadToEndAsync()).ShouldContain(expected);
    }

    [Theory]
    [InlineData("/V2/STREAM/test.event/")]
    [InlineData("/v2/stream/test.event%2Cmediawiki.recentchange")]
    [InlineData("/v2/stream/test.event,test.event")]
    [InlineData("/v2/stream/recentchange,page-create")]
    public async Task EveryFormOfAPath_IsServed(string target)
    {
        await using var stream = await RawStream.OpenAsync(Server.Address, target);
        (await stream.ReadBlockAsync()).Id.ShouldNotBeNull();
    }

    [Fact]
    public async Task AnAlias_ServesItsStream()
    {
        await using var stream = await RawStream.OpenAsync(Server.Address, "/v2/stream/page-move");
        await TestEvents.AppendAsync(Server, "mediawiki.page-move", 5);
        var received = await stream.ReadEventAsync();
        received.Order.ShouldBe("event,id,data");
        received.Event.ShouldBe("message");
        received.Json.GetProperty("meta").GetProperty("topic").GetString().ShouldBe("mediawiki.page-move");
        received.Place.GetProperty("offset").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task AnHttp10Client_GetsABodyWithoutChunks()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(Server.Address.Host, Server.Address.Port).WaitAsync(TestTime.Limit);
        var network = client.GetStream();
        await network.WriteAsync("GET /v2/stream/test.event HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(network);
        var lines = new List<string>();
        while (lines.LastOrDefault() != ":ok")
        {
            lines.Add((await reader.ReadLineAsync().WaitAsync(TestTime.Limit))!);
        }

        lines.ShouldNotContain(line => line.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
    }

    private static void ShouldHaveCommonHeaders(Dictionary<string, string> headers)
    {
        const string Policy = "default-src 'self'; object-src 'none'; media-src *; img-src *; style-src *; "
            + "frame-ancestors 'self'";
        headers["access-control-allow-origin"].ShouldBe("*");
        headers["access-control-allow-headers"].ShouldStartWith("accept, x-requested-with, content-type");
        headers["access-control-expose-headers"].ShouldStartWith("etag");
        headers["x-xss-protection"].ShouldBe("1; mode=block");
        headers["x-content-type-options"].ShouldBe("nosniff");
        headers["x-frame-options"].ShouldBe("SAMEORIGIN");
        headers["content-security-policy"].ShouldBe(Policy);
        headers["x-content-security-policy"].ShouldBe(Policy);
        headers["x-webkit-csp"].ShouldBe(Policy);
    }
}
