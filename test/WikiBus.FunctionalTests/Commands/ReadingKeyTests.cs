using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>With which key <c>tail</c> and <c>streams</c> read when none is given.</summary>
public sealed class ReadingKeyTests
{
    private static readonly (string, string) s_trustsNobody = ("Access:TrustedNetworks", "");

    [Theory]
    [InlineData("streams")]
    [InlineData("tail key.event --last 1 --count 1")]
    [InlineData("tail key.* --last 1 --count 1")]
    [InlineData("tail not.yet")]
    public async Task NobodyTrustedAndNoKey_ExitsWithOneAndSaysWhatToDo(string verb)
    {
        await using var server = await StartAsync();

        var result = await RunAsync(server, verb);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("--key");
        result.Error.ShouldContain("--data");
    }

    [Theory]
    [InlineData("streams")]
    [InlineData("tail key.event --last 1 --count 1")]
    public async Task NobodyTrusted_TheAdminKeyOfTheDataDirectoryReads(string verb)
    {
        await using var server = await StartAsync();

        var named = await RunAsync(server, $"{verb} --data {server.DataDirectory}");
        var inIt = await RunAsync(server, verb, Path.GetDirectoryName(server.DataDirectory));

        named.ExitCode.ShouldBe(0, named.Error);
        named.Output.ShouldContain("key.event");
        inIt.ExitCode.ShouldBe(0, inIt.Error);
        inIt.Output.ShouldContain("key.event");
    }

    [Fact]
    public async Task AdminKeyOfAnotherServer_IsLeftOutWhereTheNetworkIsTrusted()
    {
        await using var server = await StartAsync(("Access:TrustedNetworks:0", "127.0.0.0/8"));
        await using var other = await RunningServer.StartAsync();

        var result = await RunAsync(
            server, "tail key.event --last 1 --count 1", Path.GetDirectoryName(other.DataDirectory));

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("key.event-0");
    }

    [Theory]
    [InlineData("one.event")]
    [InlineData("one.event not.yet")]
    public async Task KeyThatMayNotRead_EndsTailWithTheReason(string streams)
    {
        await using var server = await ScriptedServer.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("""{"type":"forbidden","detail":"The key lacks the role read."}""");
        });

        var result = await WikiBusBinary.RunAsync(
            ["tail", .. streams.Split(' '), "--key", "publishes-only", "--url", $"{server.Address}"]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("answered 403 Forbidden. The key lacks the role read.");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task DataDirectoryWithoutAKey_ExitsWithOneAndNamesTheFile()
    {
        await using var server = await StartAsync();

        var result = await RunAsync(server, $"streams --data {server.DataDirectory}/none");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("none/admin.key");
    }

    private static async Task<RunningServer> StartAsync(params (string, string)[] options)
    {
        var server = await RunningServer.StartAsync(options.Length > 0 ? options : [s_trustsNobody]);
        await TestEvents.AppendAsync(server, "key.event", 0);
        return server;
    }

    private static Task<CommandResult> RunAsync(RunningServer server, string verb, string? workingDirectory = null) =>
        WikiBusBinary.RunAsync(
            [.. verb.Split(' '), "--url", $"{server.Address}"], workingDirectory: workingDirectory);
}
