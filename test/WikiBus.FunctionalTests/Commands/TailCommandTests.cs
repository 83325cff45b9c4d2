using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Commands;

public sealed class TailCommandTests
{
    [Fact]
    public async Task Since_WritesTheEventsAsLines()
    {
        await using var server = await StartWithSamplesAsync();

        var result = await RunAsync(server, "tail", "mediawiki.recentchange", "--since", "2020-01-01", "--count", "5");

        result.ExitCode.ShouldBe(0, result.Error);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(5);
        lines.Select(Stream).ShouldAllBe(static stream => stream == "mediawiki.recentchange");
    }

    [Fact]
    public async Task RequestOfManySmallEvents_IsWrittenWhole()
    {
        const int Count = 5_000;
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "big.event", [.. Enumerable.Range(0, Count)]);
        await TestEvents.AppendAsync(server, "behind.event", 0);
        await server.RestartAsync();

        var result = await RunAsync(
            server, "tail", "big.event,behind.event", "--since", "2020-01-01", "--count", $"{Count + 1}");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Stream)
            .ShouldBe([.. Enumerable.Repeat("big.event", Count), "behind.event"]);
    }

    [Fact]
    public async Task Until_Ends()
    {
        await using var server = await StartWithSamplesAsync();

        var result = await RunAsync(
            server, "tail", "mediawiki.page-move", "--since", "2020-01-01", "--until", "2020-01-02");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task FilterAndFields_AreTheServers()
    {
        await using var server = await StartWithSamplesAsync();

        var result = await RunAsync(
            server, "tail", "mediawiki.recentchange", "--since", "2020-01-01",
            "--filter", "type=edit", "--fields", "title", "--count", "1");

        result.ExitCode.ShouldBe(0, result.Error);
        using var written = JsonDocument.Parse(result.Output);
        written.RootElement.EnumerateObject().Select(static member => member.Name)
            .ShouldBe(["$schema", "meta", "title"]);
    }

    [Fact]
    public async Task StreamsListed_AreJsonLinesWhenNobodyLooks()
    {
        await using var server = await StartWithSamplesAsync();

        var result = await RunAsync(server, "streams");

        result.ExitCode.ShouldBe(0, result.Error);
        var names = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString());
        names.ShouldContain("mediawiki.recentchange");
    }

    private static string? Stream(string line)
    {
        using var written = JsonDocument.Parse(line);
        return written.RootElement.GetProperty("meta").GetProperty("stream").GetString();
    }

    private static async Task<RunningServer> StartWithSamplesAsync()
    {
        var server = await RunningServer.StartAsync();
        (await RunAsync(server, "send", SampleEvents.FilePath)).ExitCode.ShouldBe(0);
        return server;
    }

    private static Task<CommandResult> RunAsync(RunningServer server, params string[] arguments) =>
        WikiBusBinary.RunAsync([.. arguments, "--url", server.Address.ToString()]);
}
