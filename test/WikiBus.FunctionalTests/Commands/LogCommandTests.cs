using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class LogCommandTests
{
    [Fact]
    public async Task StoppedLog_IsDescribedCheckedAndDumped()
    {
        await using var server = await RunningServer.StartAsync();
        await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", server.Address.ToString()]);
        await server.StopAsync();

        (await RunAsync(server, "info")).Output.ShouldContain("{");
        (await RunAsync(server, "check")).Error.ShouldContain("the log is intact");
        var dump = await RunAsync(server, "dump");
        dump.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(SampleEvents.Count);
    }

    [Fact]
    public async Task NoLog_ExitsWithTwo()
    {
        var result = await WikiBusBinary.RunAsync(["log", "check", "--data", "/no/such/folder"]);

        result.ExitCode.ShouldBe(2);
    }

    private static async Task<CommandResult> RunAsync(RunningServer server, string verb)
    {
        var result = await WikiBusBinary.RunAsync(["log", verb, "--data", server.DataDirectory]);
        result.ExitCode.ShouldBe(0, result.Error);
        return result;
    }
}
