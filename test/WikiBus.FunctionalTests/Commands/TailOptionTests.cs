using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>The options of <c>wikibus tail</c> that choose where to begin and what to show.</summary>
public sealed class TailOptionTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    [Theory]
    [InlineData("one.event two.event")]
    [InlineData("one.event,two.event")]
    [InlineData("one.event,two.event one.event")]
    public async Task SeveralStreams_AreAllRead(string streams)
    {
        await TestEvents.AppendAsync(Server, "one.event", 0);
        await TestEvents.AppendAsync(Server, "two.event", 0);

        var lines = await TailAsync([.. streams.Split(' '), "--last", "1", "--count", "2"]);

        lines.Select(TailLine.IdOf).ShouldBe(["one.event-0", "two.event-0"], ignoreOrder: true);
    }

    [Fact]
    public async Task LastEvents_AreThoseOfEachStream()
    {
        await TestEvents.AppendAsync(Server, "last.one", 0, 1, 2);
        await TestEvents.AppendAsync(Server, "last.two", 0, 1, 2);

        var lines = await TailAsync("last.one,last.two", "--last", "2", "--count", "4");

        lines.Select(TailLine.IdOf).ShouldBe(["last.one-1", "last.one-2", "last.two-1", "last.two-2"]);
    }

    [Fact]
    public async Task MoreLastEventsThanThereAre_AreAll()
    {
        await TestEvents.AppendAsync(Server, "few.event", 0, 1);

        var lines = await TailAsync("few.event", "--last", "1000", "--count", "2");

        lines.Select(TailLine.IdOf).ShouldBe(["few.event-0", "few.event-1"]);
    }

    [Theory]
    [InlineData("3600s")]
    [InlineData("60m")]
    [InlineData("1h")]
    [InlineData("60min")]
    [InlineData("1 h")]
    [InlineData("1.5h")]
    [InlineData("36500d")]
    public async Task TimeBeforeNow_IsWhereItBegins(string since)
    {
        await TestEvents.AppendAsync(Server, "ago.event", 0);

        var lines = await TailAsync("ago.event", "--since", since, "--count", "1");

        lines.Select(TailLine.IdOf).ShouldBe(["ago.event-0"]);
    }

    [Fact]
    public async Task IdThatWasWritten_ContinuesAfterItsEvent()
    {
        await TestEvents.AppendAsync(Server, "id.event", 0, 1, 2);
        var first = await TailAsync("id.event", "--last", "3", "--count", "2", "--ids");
        using var last = JsonDocument.Parse(first[^1]);
        TailLine.IdOf(last.RootElement.GetProperty("event").GetRawText()).ShouldBe("id.event-1");

        var rest = await TailAsync(
            "id.event", "--last-event-id", last.RootElement.GetProperty("id").GetRawText(), "--count", "1");

        rest.Select(TailLine.IdOf).ShouldBe(["id.event-2"]);
    }

    [Fact]
    public async Task IdWithAnUnknownStream_IsRefusedWithAReasonThatHelps()
    {
        await TestEvents.AppendAsync(Server, "known.event", 0);

        var result = await WikiBusBinary.RunAsync(
            [
                "tail", "known.event", "--url", $"{Server.Address}",
                "--last-event-id", """[{"topic":"none.event","partition":0,"offset":0}]""",
            ]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain(
            "answered 404 TopicNotAvailableError: Topics none.event are not available for consumption. "
            + "The id (--last-event-id) is from a stream that is not among those to read.");
    }

    [Fact]
    public async Task Channel_ShowsOnlyItsEvents()
    {
        await TestEvents.AppendAsync(
            Server,
            ("channel.event", TestEvents.Json("channel.event", 0, domain: "de.example")),
            ("channel.event", TestEvents.Json("channel.event", 1, domain: "fr.example")));

        var lines = await TailAsync(
            "channel.event", "--since", "1h", "--channel", "event://fr.example/*", "--count", "1");

        lines.Select(TailLine.IdOf).ShouldBe(["channel.event-1"]);
    }

    [Fact]
    public async Task Canary_ShowsCanaryEventsToo()
    {
        await TestEvents.AppendAsync(
            Server,
            ("canary.event", TestEvents.Json("canary.event", 0, domain: "canary")),
            ("canary.event", TestEvents.Json("canary.event", 1)));

        var without = await TailAsync("canary.event", "--since", "1h", "--count", "1");
        var with = await TailAsync("canary.event", "--since", "1h", "--count", "2", "--canary");

        without.Select(TailLine.IdOf).ShouldBe(["canary.event-1"]);
        with.Select(TailLine.IdOf).ShouldBe(["canary.event-0", "canary.event-1"]);
    }

    private async Task<string[]> TailAsync(params string[] arguments)
    {
        var result = await WikiBusBinary.RunAsync(["tail", .. arguments, "--url", $"{Server.Address}"]);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
