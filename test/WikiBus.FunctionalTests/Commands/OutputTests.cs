using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>What the verbs do when nobody reads their output, or when it cannot be written.</summary>
public sealed class OutputTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    private string[] Connection => ["--url", $"{Server.Address}", "--data", Server.DataDirectory];

    [Fact]
    public async Task TailWhoseReaderHasGone_EndsWithTheNextEvent()
    {
        await TestEvents.AppendAsync(Server, "pipe.event", 0);
        using var tail = RunningCommand.Start(["tail", "pipe.event", "--since", "2020-01-01", .. Connection]);
        await tail.ReadLineAsync();
        tail.CloseOutput();

        await TestEvents.AppendAsync(Server, "pipe.event", 1);

        (await tail.EndAsync()).ShouldBe((0, ""));
    }

    [Theory]
    [InlineData("streams --all")]
    [InlineData("keys list")]
    [InlineData("keys replace reader --role read")]
    [InlineData("subscriptions list")]
    [InlineData("deadletters list")]
    public async Task AnswerWhoseReaderHasGone_EndsAsUsual(string verb)
    {
        await WikiBusBinary.RunAsync(["keys", "create", "--id", "reader", "--role", "read", .. Connection]);
        using var command = RunningCommand.Start([.. verb.Split(' '), .. Connection]);
        command.CloseOutput();

        (await command.EndAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public async Task ListWithoutEnd_EndsWhenItsReaderHasGone()
    {
        await using var bus = await ScriptedServer.StartAsync(static (context, number) =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($$"""{"items": [{"id": "{{number}}"}], "next": "{{number}}"}""");
        });
        using var list = RunningCommand.Start("subscriptions", "list", "--key", "k", "--url", $"{bus.Address}");
        (await list.ReadLineAsync()).ShouldBe("""{"id": "1"}""");

        list.CloseOutput();

        (await list.EndAsync()).ShouldBe((0, ""));
    }

    [Theory]
    [InlineData("info")]
    [InlineData("dump")]
    public async Task LogVerbWhoseReaderHasGone_EndsAsUsual(string verb)
    {
        await TestEvents.AppendAsync(Server, "log.event", [.. Enumerable.Range(0, 2_000)]);
        using var command = RunningCommand.Start("log", verb, "--data", Server.DataDirectory);
        command.CloseOutput();

        (await command.EndAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public async Task KeyMadeForNobody_ExitsWithOneAndSaysThatTheSecretIsLost()
    {
        using var command = RunningCommand.Start(["keys", "create", "--id", "unread", "--role", "read", .. Connection]);
        command.CloseOutput();

        var (exitCode, error) = await command.EndAsync();

        exitCode.ShouldBe(1);
        error.ShouldContain("keys rotate");
    }

    [Fact]
    public async Task SubscriptionMadeForNobody_ExitsWithOneAndSaysThatTheSecretIsLost()
    {
        using var command = RunningCommand.Start(
            ["subscriptions", "create", "https://wiki.example", "--id", "unread", .. Connection]);
        command.CloseOutput();

        var (exitCode, error) = await command.EndAsync();

        exitCode.ShouldBe(1);
        error.ShouldContain("The subscription unread is valid, but its secret could not be written");
        error.ShouldContain("wikibus subscriptions rotate unread");
    }

    [Theory]
    [InlineData("streams --all")]
    [InlineData("keys list")]
    [InlineData("keys create --role read")]
    [InlineData("tail test.event --last 1")]
    public async Task FullDisk_ExitsWithOneWithoutATrace(string verb)
    {
        await TestEvents.AppendAsync(Server, "test.event", 0);
        (await WikiBusBinary.RunAsync(["keys", "create", "--role", "read", .. Connection])).ExitCode.ShouldBe(0);
        const string script = """exec "$0" "$@" > /dev/full""";

        var result = await WikiBusBinary.RunInAsync(
            "bash", ["-c", script, WikiBusBinary.FilePath, .. verb.Split(' '), .. Connection]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("No space left on device");
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve --help")]
    [InlineData("--version")]
    [InlineData("completion bash")]
    public async Task FullDiskForTextOfTheCommandItself_ExitsWithOneWithoutATrace(string verb) =>
        ShouldFailInOneLine(await RunWithAsync("> /dev/full", verb.Split(' ')), "No space left on device");

    [Theory]
    [InlineData("--help")]
    [InlineData("streams --all")]
    [InlineData("keys create --role read")]
    [InlineData("tail test.event --last 1")]
    public async Task OutputClosed_ExitsWithOneWithoutATrace(string verb)
    {
        await TestEvents.AppendAsync(Server, "test.event", 0);
        (await WikiBusBinary.RunAsync(["keys", "create", "--role", "read", .. Connection])).ExitCode.ShouldBe(0);

        var result = await RunWithAsync("1>&-", verb.StartsWith('-') ? [verb] : [.. verb.Split(' '), .. Connection]);

        ShouldFailInOneLine(result, "Bad file descriptor");
        result.Error.Contains("keys rotate", StringComparison.Ordinal)
            .ShouldBe(verb.StartsWith("keys create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OutputOfServeClosed_ExitsWithOneWithoutATrace()
    {
        using var data = new TestDirectory();

        var result = await RunWithAsync(
            "1>&-", "serve", "--data", data.Combine("data"), "--listen", "http://127.0.0.1:0");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("Standard output cannot be written: Bad file descriptor.");
        result.Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2> /dev/full")]
    public async Task ErrorsClosed_ExitCodeIsKept(string redirection)
    {
        (await RunWithAsync(redirection, "tail", "a", "--url", "nowhere")).ExitCode.ShouldBe(2);
        (await RunWithAsync(redirection, "keys", "create")).ExitCode.ShouldBe(2);
        (await RunWithAsync(redirection, ["streams", "--all", .. Connection])).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task FileThatAnotherProgramContinues_KeepsBothOutputs()
    {
        await TestEvents.AppendAsync(Server, "file.event", 0);
        var file = Server.FilePath("both");
        const string script = """file="$1"; shift; { "$0" "$@"; echo after; } > "$file"; cat "$file" """;

        var result = await WikiBusBinary.RunInAsync(
            "bash",
            [
                "-c", script, WikiBusBinary.FilePath, file,
                "tail", "file.event", "--last", "1", "--count", "1", .. Connection,
            ]);

        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2, result.Output);
        result.Output.ShouldEndWith("after\n");
    }

    private static Task<CommandResult> RunWithAsync(string redirection, params string[] arguments) =>
        WikiBusBinary.RunInAsync(
            "bash",
            ["-c", $"exec \"$0\" \"$@\" {redirection}", WikiBusBinary.FilePath, .. arguments]);

    private static void ShouldFailInOneLine(CommandResult result, string reason)
    {
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain(reason);
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, result.Error);
    }
}
