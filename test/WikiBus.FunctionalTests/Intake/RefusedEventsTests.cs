using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>What the logging says about events that were refused.</summary>
public sealed class RefusedEventsTests
{
    private const string Invalid = """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":5}""";

    [Fact]
    public async Task RefusedEvent_IsLoggedOnce_ForEachCallerStreamAndReason()
    {
        await using var server = await RunningServer.StartAsync();
        var secret = await KeyApi.CreateAsync(server, """{"id":"shop","roles":["publish"],"streams":["shop.*"]}""");
        (string, string)[] shop = [("Authorization", $"Bearer {secret}")];

        await IntakePost.SendAsync(server, $"[{Invalid},{Invalid}]");
        await IntakePost.SendAsync(server, Invalid);
        await IntakePost.SendAsync(server, Invalid.Replace("test.event", "test.other", StringComparison.Ordinal));
        await IntakePost.SendAsync(server, Invalid.Replace("/1.0.0", "/7.0.0", StringComparison.Ordinal));
        await IntakePost.SendAsync(server, IntakePost.Event, shop);
        await IntakePost.SendAsync(server, IntakePost.Event, shop);

        Warnings(server).ShouldBe(
        [
            "Events from network for stream test.event are refused: "
                + "'.test' should be string (schema /test/event/1.0.0)",
            "Events from network for stream test.other are refused: "
                + "'.test' should be string (schema /test/event/1.0.0)",
            "Events from network for stream test.event are refused: Failed loading schema at /test/event/7.0.0",
            "Events from shop for stream test.event are refused: the key may not publish to it.",
        ]);
    }

    [Fact]
    public async Task EventWithoutAStream_IsLogged()
    {
        await using var server = await RunningServer.StartAsync();
        await IntakePost.SendAsync(server, """["text",{"$schema":"/test/event/1.0.0","test":"x"}]""");
        Warnings(server).ShouldBe(
        [
            "Events from network for stream unknown are refused: "
                + "Field(s) $schema were missing from event and could not be extracted.",
            "Events from network for stream unknown are refused: "
                + "Field(s) meta.stream were missing from event and could not be extracted.",
        ]);
    }

    [Fact]
    public async Task HastyEventThatIsRefused_IsLogged()
    {
        await using var server = await RunningServer.StartAsync();
        await RawHttp.SendAsync(
            server.Address, "POST", "/v1/events?hasty=true", [("Content-Type", "application/json")],
            System.Text.Encoding.UTF8.GetBytes(Invalid));
        await server.StopAsync();
        Warnings(server).ShouldHaveSingleItem().ShouldContain("test.event");
    }

    [Fact]
    public async Task WhatAClientWrote_IsLoggedOnOneLine_AndCut()
    {
        await using var server = await RunningServer.StartAsync();
        var name = "\\n\\u001b[31mError forged\\u2028\\u202e" + new string('x', 5_000);
        await IntakePost.SendAsync(server, IntakePost.Event
            .Replace("/test/event/1.0.0", name, StringComparison.Ordinal)
            .Replace("test.event", name, StringComparison.Ordinal));
        await IntakePost.SendAsync(server, IntakePost.Event
            .Replace("/test/event/1.0.0", "/\\n\\u001b/" + new string('y', 900), StringComparison.Ordinal));

        var lines = Warnings(server);
        lines.Count.ShouldBe(2);
        foreach (var line in lines)
        {
            line.Length.ShouldBeLessThan(600);
            line.ShouldNotContain('\u001b');
            line.ShouldNotContain('\u2028');
            line.ShouldNotContain('\u202e');
            line.ShouldNotContain('\n');
        }
    }

    [Fact]
    public async Task RefusedRequest_IsLoggedOnce_WithoutItsSecret()
    {
        await using var server = await RunningServer.StartAsync(("Intake:EventCountMax", "2"));
        for (var round = 0; round < 2; round++)
        {
            await IntakePost.SendAsync(server, IntakePost.Event, ("Authorization", "Bearer a-secret-word"));
            await IntakePost.SendAsync(server, IntakePost.Event, ("Origin", "https://example.org"));
            await IntakePost.SendAsync(server, "[1,2,3]");
            await IntakePost.SendAsync(server, "{\"a");
        }

        var lines = Warnings(server);
        lines.Count.ShouldBe(4);
        lines[0].ShouldStartWith("A request with events from invalid (127.0.0.1) was refused with 401: ");
        lines[1].ShouldStartWith("A request with events from anonymous (127.0.0.1) was refused with 401: A key with");
        lines[2].ShouldBe("A request with events from network (127.0.0.1) was refused with 413: too many events; "
            + "the limit is Intake:EventCountMax (2)");
        lines[3].ShouldStartWith("A request with events from network (127.0.0.1) was refused with 500: ");
        server.Errors.Lines.ShouldAllBe(static line => !line.Contains("a-secret-word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ErrorEventThatItsStreamDoesNotTake_IsLoggedOnce()
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:ErrorStream", "test.error"), ("Streams:CountMax", "1"));
        await IntakePost.SendAsync(server, IntakePost.Event);
        for (var round = 0; round < 3; round++)
        {
            await IntakePost.SendAsync(server, Invalid);
        }

        for (var limit = TestTime.Token(); Warnings(server).Count < 2; limit.ThrowIfCancellationRequested())
        {
            await Task.Yield();
        }

        await server.StopAsync();
        Warnings(server)[1].ShouldBe(
            "Events from wikibus for stream test.error are refused: there are 1 streams already.");
        server.Errors.Lines.Count(static line => line.Contains("test.error", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static List<string> Warnings(RunningServer server) =>
    [
        .. server.Errors.Lines.Where(static line => line.StartsWith("Warning WikiBus", StringComparison.Ordinal))
            .Select(static line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd(' ')),
    ];
}
