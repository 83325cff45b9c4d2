using System.Globalization;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>One of four records is damaged on disk: the third, or the first, where no start is found.</summary>
public sealed class StreamDamageTests
{
    private const string Target = "/v2/stream/a.event";

    private const string Damage =
        "{\"message\":\"A record of the log is damaged and cannot be served.\",\"origin\":\"WikiBus\","
        + "\"name\":\"DamagedRecordError\"}";

    [Fact]
    public async Task ADamagedRecord_EndsTheStreamWithAnError()
    {
        await using var server = await StartAsync();
        var id = await IdOfAsync(server, number: 0);
        await LogDamage.AtAsync(server, "a.event-2");

        await using var stream = await RawStream.OpenAsync(server.Address, Target, $"Last-Event-ID: {id}");

        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(1);
        var last = await stream.ReadEventAsync();
        last.Id.ShouldNotBeNull();
        await EndsWithErrorAsync(stream, last);
    }

    [Fact]
    public async Task RecordsBeforeADamagedOneOfTheSameFrame_AreServedFirst()
    {
        await using var server = await RunningServer.StartAsync();
        server.Errors.Expect("cannot be read");
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2, 3);
        await LogDamage.AtAsync(server, "a.event-2");

        await using var stream = await RawStream.OpenAsync(server.Address, $"{Target}?since=0");

        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(0);
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(1);
        var last = await stream.ReadEventAsync();
        last.Place.GetProperty("position").GetInt64().ShouldBe(2);
        await EndsWithErrorAsync(stream, last);
    }

    [Fact]
    public async Task AClientThatComesBackToADamagedRecord_IsTheOperatorsErrorOnce()
    {
        await using var server = await StartAsync();
        var id = await IdOfAsync(server, number: 1);
        await LogDamage.AtAsync(server, "a.event-2");
        for (var times = 0; times < 3; times++)
        {
            await using var stream = await RawStream.OpenAsync(server.Address, Target, $"Last-Event-ID: {id}");
            await EndsWithErrorAsync(stream, await stream.ReadEventAsync());
        }

        server.Errors.Lines.Count(static line => line.StartsWith("Error ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task AnIdBeforeADamagedRecord_IsAnsweredWithAnError_ThatKeepsThePlace()
    {
        await using var server = await StartAsync();
        var id = await IdOfAsync(server, number: 1);
        await LogDamage.AtAsync(server, "a.event-2");

        await using var stream = await RawStream.OpenAsync(server.Address, Target, $"Last-Event-ID: {id}");
        var first = await stream.ReadEventAsync();

        first.Place.GetProperty("position").GetInt64().ShouldBe(2);
        await EndsWithErrorAsync(stream, first);
    }

    [Theory]
    [InlineData("since=0")]
    [InlineData("since=SOON")]
    [InlineData("since=0&until=SOON")]
    [InlineData("since=0&until=1970-01-02")]
    [InlineData("Last-Event-ID=[{\"topic\":\"a.event\",\"partition\":0,\"timestamp\":1}]")]
    [InlineData("Last-Event-ID=[{\"topic\":\"a.event\",\"partition\":0,\"offset\":-2}]")]
    public async Task AStartThatCannotBeFound_IsAnsweredWithAnError(string query)
    {
        await using var server = await StartAsync();
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(5).ToUnixTimeMilliseconds()
            .ToString(CultureInfo.InvariantCulture);
        var target = $"{Target}?{query.Replace("SOON", soon, StringComparison.Ordinal)}";
        await LogDamage.AtAsync(server, "a.event-0");

        await using var stream = await RawStream.OpenAsync(server.Address, target);

        await EndsWithErrorAsync(stream, await stream.ReadEventAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AStartBehindADamagedRecord_IsServed(bool isOneFrame)
    {
        await using var server = isOneFrame ? await RunningServer.StartAsync() : await StartAsync();
        if (isOneFrame)
        {
            await TestEvents.AppendAsync(server, "a.event", 0, 1, 2, 3);
        }

        await LogDamage.AtAsync(server, "a.event-0");

        await using var stream = await RawStream.OpenAsync(
            server.Address, Target, "Last-Event-ID: [{\"topic\":\"a.event\",\"partition\":0,\"offset\":2}]");

        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(2);
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task AStartThatCannotBeFound_MovesTheClientsIdNowhere()
    {
        await using var server = await StartAsync();
        await LogDamage.AtAsync(server, "a.event-0");

        await using var stream = await RawStream.OpenAsync(server.Address, $"{Target}?since=0");

        (await stream.ReadToEndAsync()).ShouldBe($"retry: 2000\nevent: error\ndata: {Damage}\n\n");
    }

    [Fact]
    public async Task AStartThatCannotBeFound_IsAnErrorInJsonLinesToo()
    {
        await using var server = await StartAsync();
        await LogDamage.AtAsync(server, "a.event-0");

        await using var stream = await RawStream.GetAsync(
            server.Address, $"{Target}?since=0", "Accept: application/json");

        stream.Status.ShouldBe(200);
        (await stream.ReadToEndAsync()).ShouldBe($"\n{{\"error\":{Damage}}}\n");
    }

    [Fact]
    public async Task DamageOfTheFirstStreamTable_HidesNoStream()
    {
        await using var server = await RunningServer.StartAsync(("Log:SegmentBytesMax", "65536"));
        var text = new string('x', 16 << 10);
        for (var number = 0; number < 10; number++)
        {
            await TestEvents.AppendAsync(
                server, ("a.event", TestEvents.Json("a.event", number, more: $",\"text\":\"{text}\"")));
        }

        await server.StopAsync();
        await LogDamage.InFirstFrameAsync(server);

        await server.StartAgainAsync();
        using var list = JsonDocument.Parse(await server.Client.GetStringAsync("/v2/streams", TestTime.Token()));
        var stream = list.RootElement.GetProperty("streams").EnumerateArray()
            .Single(static stream => stream.GetProperty("name").GetString() == "a.event");
        stream.GetProperty("first").GetProperty("offset").GetInt64().ShouldBe(0);
    }

    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync();
        server.Errors.Expect("cannot be read");
        for (var number = 0; number < 4; number++)
        {
            await TestEvents.AppendAsync(server, "a.event", number);
        }

        return server;
    }

    private static async Task<string> IdOfAsync(RunningServer server, int number)
    {
        await using var stream = await RawStream.OpenAsync(server.Address, $"{Target}?since=0");
        for (var seen = 0; seen < number; seen++)
        {
            await stream.ReadEventAsync();
        }

        return (await stream.ReadEventAsync()).Id!;
    }

    private static async Task EndsWithErrorAsync(RawStream stream, SseBlock last)
    {
        last.Event.ShouldBe("error");
        last.Json.GetProperty("name").GetString().ShouldBe("DamagedRecordError");
        (await stream.ReadToEndAsync()).ShouldBeEmpty();
    }
}
