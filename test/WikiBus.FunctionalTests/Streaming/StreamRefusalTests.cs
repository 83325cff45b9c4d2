using System.Globalization;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamRefusalTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    [Theory]
    [InlineData("/v2/stream/nope", "nope")]
    [InlineData("/v2/stream/test.event,", "")]
    [InlineData("/v2/stream/x,test.event,y", "x,y")]
    [InlineData("/v2/stream/TEST.event", "TEST.event")]
    public async Task UnknownStreams_AreRefusedInEventStreamsWords(string target, string names) =>
        await ShouldRefuseAsync(target, 400, "not_found", "Stream Not Found", $"Invalid streams: {names}");

    [Theory]
    [InlineData("abc")]
    [InlineData("1%20hour%20ago")]
    [InlineData("%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%96-11-29")]
    [InlineData("2026-11-29T1%EF%BC%90:00:00Z")]
    [InlineData("123456789")]
    public async Task ASinceThatIsNoTime_IsRefused(string since) => await ShouldRefuseAsync(
        $"/v2/stream/test.event?since={since}", 400, "invalid_timestamp", "Invalid timestamp",
        "since timestamp is not a UTC milliseconds unix epoch and was not parseable: "
        + $"'{Uri.UnescapeDataString(since)}'. Allowed are ISO 8601 such as 2026-11-29T21:17:00Z, an HTTP date, "
        + "14 digits as in MediaWiki (yyyyMMddHHmmss), Unix time in seconds (10 digits) or milliseconds (11 to 13 "
        + "digits), and 0 for the beginning.");

    [Fact]
    public async Task ABadSince_CountsBeforeABadId()
    {
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/test.event?since=abc", "Last-Event-ID: {nope");
        (await stream.ReadToEndAsync()).ShouldContain("invalid_timestamp");
    }

    [Theory]
    [InlineData("filter=x", "Invalid filter", "no operator")]
    [InlineData("filter=n=%3E5", "Invalid filter", "begins with an operator")]
    [InlineData("until=%D9%A2%D9%A0%D9%A2%D9%A6-11-29", "Invalid timestamp", "until timestamp")]
    [InlineData("filters=n=5", "Unknown parameter", "'filters' is unknown; 'filter' is known.")]
    [InlineData("Sinec=0", "Unknown parameter", "'Sinec' is unknown; 'since' is known.")]
    [InlineData("untl=2020", "Unknown parameter", "'until'")]
    [InlineData("field=n", "Unknown parameter", "'fields'")]
    [InlineData("chanel=event://*/*", "Unknown parameter", "'channel'")]
    [InlineData("canarys=true", "Unknown parameter", "'canary'")]
    [InlineData("last_event_id=x", "Unknown parameter", "'Last-Event-ID'")]
    [InlineData("api_key=x", "Unknown parameter", "'apikey'")]
    [InlineData("canary=yes", "Invalid canary", "true, 1, false or 0")]
    [InlineData("channel=event://*/a&channel=event://*/b", "Invalid channel", "2 channels are too many; 1 is allowed")]
    [InlineData("fields=a,,b", "Invalid fields", "names joined by '.'")]
    [InlineData("channel=x", "Invalid channel", "event://*/deki/pages/*")]
    public async Task ABadParameter_IsExplained(string query, string title, string part)
    {
        var problem = await RefusalAsync($"/v2/stream/test.event?{query}", 400);
        problem.GetProperty("title").GetString().ShouldBe(title);
        problem.GetProperty("detail").GetString()!.ShouldContain(part);
    }

    [Theory]
    [InlineData("_=1795987000&t=1&nocache=1&rnd=0.5&utm_source=x&v=2&cb=7&ts=1&x")]
    [InlineData("SINCE=&Until=&Filter=&FIELDS=n&canary=0&lasteventid=")]
    public async Task WhatOtherClientsAdd_IsIgnored(string query)
    {
        await using var stream = await RawStream.OpenAsync(Server.Address, $"/v2/stream/test.event?{query}");
        (await stream.ReadBlockAsync()).Id.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/v2/stream/LONG", "Invalid streams: ", "")]
    [InlineData("/v2/stream/test.event?since=LONG", "parseable: '", "'")]
    [InlineData("/v2/stream/test.event?until=LONG", "parseable: '", "'")]
    [InlineData("/v2/stream/test.event?filter=LONG", "Filter '", "' has no operator")]
    [InlineData("/v2/stream/test.event?filter=a=%22LONG", "Filter '", "' has a value")]
    [InlineData("/v2/stream/test.event?filter=.LONG=1", "Filter '", "' has an empty name")]
    [InlineData("/v2/stream/test.event?filter=DOTS=1", "Filter '", "' has a path of")]
    [InlineData("/v2/stream/test.event?fields=a,.LONG", "Field '", "' is not allowed")]
    [InlineData("/v2/stream/test.event?channel=LONG", "Channel '", "' is not allowed")]
    [InlineData("/v1/schemas/LONG", "no schema ", ".")]
    public async Task ALongText_IsRepeatedInItsRefusalByItsBeginning(string target, string before, string after)
    {
        var names = new string('x', 800) + string.Concat(Enumerable.Repeat(".x", 40));
        var problem = await RefusalAsync(
            target.Replace("LONG", new string('x', 900), StringComparison.Ordinal)
                .Replace("DOTS", names, StringComparison.Ordinal),
            target.StartsWith("/v1/", StringComparison.Ordinal) ? 404 : 400);
        var detail = problem.GetProperty("detail").GetString()!;
        detail.ShouldContain(before);
        var echo = detail.Split(before)[1];
        echo.ShouldContain("xxx…" + after);
        echo.Split('…')[0].Length.ShouldBe(200);
    }

    [Theory]
    [InlineData("LONG", 400, "last_event_id")]
    [InlineData("[{\"topic\":\"LONG\"}]", 400, "assignments")]
    [InlineData("[\"LONG\"]", 404, "message")]
    public async Task ALongId_IsRepeatedInItsRefusalByItsBeginning(string id, int status, string member)
    {
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/test.event",
            $"Last-Event-ID: {id.Replace("LONG", new string('x', 900), StringComparison.Ordinal)}");
        stream.Status.ShouldBe(status);
        var echo = JsonDocument.Parse(await stream.ReadToEndAsync()).RootElement.GetProperty(member).GetString()!;
        echo.ShouldContain("xxx…");
        echo.Length.ShouldBeLessThan(300);
    }

    [Theory]
    [InlineData("\"\"\"{nope", "SyntaxError", "last_event_id")]
    [InlineData("", "SyntaxError", "last_event_id")]
    [InlineData("[{\"partition\":0,\"offset\":0}]", "Error", "assignments")]
    [InlineData("[]", "Error", "assignments")]
    public async Task ABadId_IsRefusedInKafkaSsesWords(string id, string originalName, string detail)
    {
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/test.event", $"Last-Event-ID: {id}");
        stream.Status.ShouldBe(400);
        stream.StatusLine.ShouldStartWith("HTTP/1.1 400 InvalidAssignmentError: ");
        stream.Headers["content-type"].ShouldBe("application/json; charset=utf-8");
        var body = await stream.ReadToEndAsync();
        body.ShouldEndWith("}\n");
        var fault = JsonDocument.Parse(body).RootElement;
        fault.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["message", "origin", "name", "originalName", detail, "statusCode"]);
        fault.GetProperty("origin").GetString().ShouldBe("KafkaSSE");
        fault.GetProperty("originalName").GetString().ShouldBe(originalName);
        fault.GetProperty(detail).ToString().ShouldBe(id);
    }

    [Theory]
    [InlineData("[{\"topic\":\"eqiad.other\",\"partition\":0,\"offset\":0}]", "eqiad.other")]
    [InlineData("[{\"topic\":\"nope\",\"partition\":0,\"timestamp\":0},\"more\"]", "nope, more")]
    public async Task AnIdOfOtherTopics_IsNotAvailable(string id, string topics)
    {
        await using var stream = await RawStream.GetAsync(
            Server.Address, "/v2/stream/test.event", $"Last-Event-ID: {id}");
        stream.StatusLine.ShouldStartWith("HTTP/1.1 404 TopicNotAvailableError: ");
        var fault = JsonDocument.Parse(await stream.ReadToEndAsync()).RootElement;
        fault.GetProperty("message").GetString().ShouldBe($"Topics {topics} are not available for consumption.");
        fault.GetProperty("availableTopics").EnumerateArray().Select(topic => topic.GetString())
            .ShouldBe(["test.event"]);
    }

    [Fact]
    public async Task AWrongKey_IsUnauthorized() => await ShouldRefuseAsync(
        "/v2/stream/test.event?apikey=wrong", 401, "unauthorized", "Invalid Key", "The key that was sent is not valid.",
        "/v2/stream/test.event?apikey=…");

    private async Task ShouldRefuseAsync(
        string target, int status, string type, string title, string detail, string? uri = null)
    {
        var problem = await RefusalAsync(target, status);
        problem.EnumerateObject().Select(member => (member.Name, member.Value.ToString())).ShouldBe(
        [
            ("status", status.ToString(CultureInfo.InvariantCulture)), ("type", type), ("title", title),
            ("detail", detail), ("method", "GET"), ("uri", uri ?? target),
        ]);
    }

    private async Task<JsonElement> RefusalAsync(string target, int status)
    {
        await using var stream = await RawStream.GetAsync(Server.Address, target);
        stream.Status.ShouldBe(status);
        stream.Headers["content-type"].ShouldBe("application/json; charset=utf-8");
        stream.Headers["access-control-allow-origin"].ShouldBe("*");
        return JsonDocument.Parse(await stream.ReadToEndAsync()).RootElement;
    }
}
