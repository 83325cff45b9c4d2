using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>The routes besides <c>POST /v1/events</c>, hasty requests and error events.</summary>
public sealed class EventGateRouteTests
{
    private const string TestEvent =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"t"},"test":"configured"}""";
    private const string Invalid =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","domain":"d.example"},"test":5}""";

    [Fact]
    public async Task TestEvents_AreStoredEachTime_AlsoByHead()
    {
        await using var server = await RunningServer.StartAsync(("Intake:TestEvents", TestEvent));
        (await IntakePost.GetAsync(server, "/v1/_test/events")).Status.ShouldBe(201);
        (await IntakePost.GetAsync(server, "/v1/_test/events", "HEAD")).Status.ShouldBe(201);
        StoredRecords.Read(server).Count.ShouldBe(2);
        (await IntakePost.GetAsync(server, "/v1/_test/events?hasty=1")).Status.ShouldBe(202);
        await StoredRecords.WaitAsync(server, 3);
    }

    [Fact]
    public async Task TestEventsThatAreNotConfigured_HaveNoRoute()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await IntakePost.GetAsync(server, "/v1/_test/events");
        answer.Status.ShouldBe(404);
        answer.Text.ShouldContain("<pre>Cannot GET /v1/_test/events</pre>");
    }

    [Fact]
    public async Task HastyRequest_IsAnsweredWithCountAndStoredAfterwards()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await RawHttp.SendAsync(
            server.Address, "POST", "/v1/events?hasty=true", [("Content-Type", "application/json")],
            System.Text.Encoding.UTF8.GetBytes($"[{IntakePost.Event},{Invalid}]"));
        answer.Status.ShouldBe(202);
        answer.Reason.ShouldBe("2 events hastily received.");
        answer.Body.ShouldBeEmpty();
        await StoredRecords.WaitAsync(server, 1);
    }

    [Fact]
    public async Task HastyEvents_AreStoredBeforeAGracefulStopEnds()
    {
        await using var server = await RunningServer.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            await RawHttp.SendAsync(
                server.Address, "POST", "/v1/events?hasty=true", [("Content-Type", "application/json")],
                System.Text.Encoding.UTF8.GetBytes(IntakePost.Event));
        }

        await server.RestartAsync();
        StoredRecords.Read(server).Count.ShouldBe(20);
    }

    [Fact]
    public async Task InvalidEvent_IsReportedInTheErrorStream_ButNoErrorEventIs()
    {
        await using var server = await RunningServer.StartAsync(("Intake:ErrorStream", "wikibus.error"));
        (await IntakePost.SendAsync(server, Invalid)).Status.ShouldBe(400);
        await StoredRecords.WaitAsync(server, 1);
        var record = StoredRecords.Read(server).ShouldHaveSingleItem();
        record.Stream.ShouldBe("wikibus.error");
        using var error = JsonDocument.Parse(record.Payload);
        error.RootElement.GetProperty("raw_event").GetString().ShouldBe(Invalid);
        error.RootElement.GetProperty("message").GetString().ShouldBe("'.test' should be string");
        error.RootElement.GetProperty("errored_stream_name").GetString().ShouldBe("test.event");
        error.RootElement.GetProperty("meta").GetProperty("domain").GetString().ShouldBe("d.example");

        var invalidErrorEvent = """{"$schema":"/error/2.1.0","meta":{"stream":"wikibus.error"}}""";
        (await IntakePost.SendAsync(server, invalidErrorEvent)).Status.ShouldBe(400);
        (await IntakePost.SendAsync(server, IntakePost.Event)).Status.ShouldBe(201);
        StoredRecords.Read(server).Select(static found => found.Stream).ShouldBe(["wikibus.error", "test.event"]);
    }

    [Fact]
    public async Task EventThatIsAnErrorNotInvalid_IsNotReportedInTheErrorStream()
    {
        await using var server = await RunningServer.StartAsync(("Intake:ErrorStream", "wikibus.error"));
        var unknownSchema = Invalid.Replace("/1.0.0", "/7.0.0", StringComparison.Ordinal);
        var sameNameTwice = Invalid.Replace("\"test\":5", "\"test\":\"a\",\"test\":\"b\"", StringComparison.Ordinal);
        (await IntakePost.SendAsync(server, $"[{unknownSchema},{sameNameTwice}]")).Status.ShouldBe(500);
        await StoredRecords.WaitAsync(server, 1);
        using var error = JsonDocument.Parse(StoredRecords.Read(server).ShouldHaveSingleItem().Payload);
        error.RootElement.GetProperty("raw_event").GetString().ShouldBe(sameNameTwice);
    }

    [Theory]
    [InlineData("/v1/topics")]
    [InlineData("/v1/topics/")]
    public async Task TheAddressOfOldReadmes_IsAnsweredWithTheRightOne(string path)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await RawHttp.SendAsync(
            server.Address, "POST", path, [("Content-Type", "application/json")],
            System.Text.Encoding.UTF8.GetBytes($"[{IntakePost.Event}]"));
        answer.Status.ShouldBe(404);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        answer.Text.ShouldContain("/v1/events");
        StoredRecords.Read(server).ShouldBeEmpty();
    }

    [Fact]
    public async Task EventOfMediaWiki133_IsAnErrorThatNamesWhatIsMissing()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await IntakePost.SendAsync(
            server, """[{"meta":{"topic":"mediawiki.revision-create","domain":"d.example"},"rev_id":1}]""");
        answer.Status.ShouldBe(500);
        answer.Text.ShouldContain("$schema were missing");
    }

    [Fact]
    public async Task Routes_AnswerAsEventGateDoes()
    {
        await using var server = await RunningServer.StartAsync();
        (await IntakePost.GetAsync(server, "/robots.txt")).Text.ShouldBe("User-agent: *\nDisallow: /\n");
        (await IntakePost.GetAsync(server, "/_info/name")).Text.ShouldBe("""{"name":"wikibus"}""");
        (await IntakePost.GetAsync(server, "/_info/")).Text.ShouldContain("\"version\"");
        (await IntakePost.GetAsync(server, "/_info/home")).Status.ShouldBe(301);
        (await IntakePost.GetAsync(server, "/_info/zzz")).Status.ShouldBe(404);
        (await IntakePost.GetAsync(server, "/v1/%65vents")).Status.ShouldBe(404);
        var preflight = await IntakePost.GetAsync(server, "/v1/events", "OPTIONS");
        preflight.Text.ShouldBe("POST");
        preflight.Headers["Access-Control-Allow-Origin"].ShouldBe("*");
        preflight.Headers["Access-Control-Allow-Headers"].ShouldContain("authorization");
        (await IntakePost.GetAsync(server, "/v1/stream-configs/test.event,nothing"))
            .Text.ShouldStartWith("{\"test.event\":{");
    }

    [Fact]
    public async Task Spec_DescribesTheWholeInterface()
    {
        await using var server = await RunningServer.StartAsync();
        using var spec = JsonDocument.Parse((await IntakePost.GetAsync(server, "/?spec")).Text);
        spec.RootElement.GetProperty("openapi").GetString().ShouldStartWith("3.");
        spec.RootElement.GetProperty("info").GetProperty("title").GetString().ShouldBe("WikiBus");
        spec.RootElement.GetProperty("paths").TryGetProperty("/v1/events", out _).ShouldBeTrue();
    }
}
