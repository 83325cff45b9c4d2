using System.Diagnostics;
using System.Globalization;
using WikiBus.FunctionalTests.Deliveries;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>What people see: <c>script</c> gives the command a terminal.</summary>
public sealed class TerminalTests
{
    private const string Escape = "\u001b[";

    [Fact]
    public async Task StreamsOnATerminal_AreATable()
    {
        await using var server = await StartWithSamplesAsync();

        var shown = await ShowAsync($"streams --url {server.Address}");

        shown.ShouldContain("per min");
        shown.ShouldContain("mediawiki.recentchange");
        shown.ShouldNotContain("{");
    }

    [Fact]
    public async Task TablesOnATerminalOf80Columns_FitAndLeaveNothingOut()
    {
        var stream = new string('s', 200);
        var other = new string('o', 100);
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, stream, 0);
        var keys = $"keys {{0}} --url {server.Address} --data {server.DataDirectory}";
        await ShowAsync($"{string.Format(CultureInfo.InvariantCulture, keys, "create")} --role publish --role read "
            + $"--id {new string('k', 60)} --stream {stream} --stream {other} --wiki {new string('w', 60)}");

        var streamTable = await ShowAsync($"streams --all --url {server.Address}", columns: 80);
        var keyTable = await ShowAsync(string.Format(CultureInfo.InvariantCulture, keys, "list"), columns: 80);

        ShouldFit(streamTable);
        ShouldFit(keyTable);
        streamTable.Count(static letter => letter == 's').ShouldBeGreaterThan(200);
        streamTable.Split('\n').ShouldContain(static line => line.Contains("mediawiki.page-restrictions-change"));
        keyTable.ShouldContain(new string('k', 60));
        keyTable.Count(static letter => letter == 'w').ShouldBeGreaterThanOrEqualTo(60);
    }

    [Fact]
    public async Task KeysOnATerminalOf80Columns_HaveTheirIdOnOneLineAndTheEndOfTheirOldSecret()
    {
        const string Id = "key-375a32532ff1";
        await using var server = await RunningServer.StartAsync();
        var at = $"--url {server.Address} --data {server.DataDirectory}";
        await ShowAsync($"keys create --role publish --role read --id {Id} --wiki wiki-one --domain wiki.example "
            + $"--network 10.0.0.0/8 --host wiki.example {at}");
        await ShowAsync($"keys rotate {Id} --overlap 300d {at}");

        var shown = await ShowAsync($"keys list {at}", columns: 80);

        ShouldFit(shown);
        shown.ShouldContain(Id);
        shown.ShouldContain("wiki wiki-one");
        shown.ShouldContain("network 10.0.0.0/8");
        shown.ShouldContain("old secret");
        shown.ShouldContain(
            TimeProvider.System.GetUtcNow().AddDays(300).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task SubscriptionsOnATerminalOf80Columns_FitAndHaveTheirIdOnOneLine()
    {
        var id = new string('s', 64);
        await using var server = await RunningServer.StartAsync();
        var at = $"--url {server.Address} --data {server.DataDirectory}";
        await ShowAsync($"subscriptions create https://wiki.example/{new string('p', 100)} --id {id} {at}");

        var table = await ShowAsync($"subscriptions list {at}", columns: 80);
        var one = await ShowAsync($"subscriptions show {id} {at}");

        ShouldFit(table);
        table.ShouldContain(id);
        one.ShouldContain($"  \"id\": \"{id}\",");
    }

    [Fact]
    public async Task DeadLetterOnATerminal_IsInATableAndWhyIsASentence()
    {
        await using var server = await DeliveryServer.StartAsync();
        await server.SubscribeAsync("s", "admin");
        await server.DieAsync("s", "a", "1"u8.ToArray());
        var at = $"--url {server.Server.Address} --data {server.Server.DataDirectory}";

        var letters = await ShowAsync($"deadletters list {at}", columns: 80);
        var tries = await ShowAsync($"subscriptions deliveries s {at}", columns: 80);
        var why = await ShowAsync($"why a@0 s {at}");

        ShouldFit(letters);
        letters.ShouldContain("answered 500.");
        ShouldFit(tries);
        tries.ShouldContain("failed");
        why.ShouldContain("a@0 was given up at ");
        why.ShouldContain("  \"state\": \"dead\",");
    }

    [Theory]
    [InlineData("send")]
    [InlineData("tail")]
    [InlineData("streams")]
    [InlineData("keys")]
    [InlineData("subscriptions")]
    [InlineData("deadletters")]
    [InlineData("why")]
    [InlineData("log")]
    [InlineData("schemas check")]
    [InlineData("completion")]
    public async Task ExamplesOfTheHelpOn80Columns_AreOnOneLineEach(string verb)
    {
        var shown = await ShowAsync($"{verb} --help", columns: 80);

        shown.Split("Examples:")[1].Split('\n').Skip(1)
            .TakeWhile(static line => !string.IsNullOrWhiteSpace(line))
            .ShouldAllBe(static line => line.StartsWith("    wikibus ") || line.StartsWith("    source "));
    }

    [Fact]
    public async Task SendOnATerminal_ShowsProgressInColours()
    {
        await using var server = await RunningServer.StartAsync();

        var shown = await ShowAsync($"send {SampleEvents.FilePath} --url {server.Address}");

        shown.ShouldContain(Escape + "38;5;");
        shown.ShouldContain($"{SampleEvents.Count} events accepted");
    }

    [Fact]
    public async Task NoColorSet_NothingIsColoured()
    {
        await using var server = await RunningServer.StartAsync();

        var shown = await ShowAsync($"send {SampleEvents.FilePath} --url {server.Address}", 200, ("NO_COLOR", "1"));

        shown.ShouldContain($"{SampleEvents.Count} events accepted");
        shown.ShouldNotMatch(@"\u001b\[[0-9;]*(3[0-9]|4[0-9]|9[0-7])(;[0-9;]*)?m");
    }

    [Fact]
    public async Task SendWithoutATerminal_ShowsNoProgress()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", $"{server.Address}"]);

        result.Error.ShouldNotContain(Escape);
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Fact]
    public async Task SendWithoutAFile_SaysThatItReadsStandardInput()
    {
        await using var server = await RunningServer.StartAsync();

        var shown = await RunOnTerminalAsync(
            """
            wait_for(b"standard input")
            while b"accepted" not in shown:
                # An end that comes before the read has begun is lost, so it is typed again.
                os.write(master, b"\x04")
                if select.select([master], [], [], 0.1)[0]:
                    shown += os.read(master, 65536)
            """,
            "send", "--url", $"{server.Address}");

        shown.ShouldContain("0 events accepted");
        shown.ShouldEndWith("exit 0\n");
    }

    [Fact]
    public async Task SendInterrupted_ShowsTheCursorAgainAndSaysHowFarItCame()
    {
        await using var server = await RunningServer.StartAsync();
        var pipe = server.FilePath("pipe");

        // The pipe stays open, so that the send waits for more events.
        var shown = await RunOnTerminalAsync(
            """
            pipe = open(sys.argv[3], "wb", buffering=0)
            pipe.write(b'{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":"x"}\n')
            wait_for(b"\x1b[?25l", b"1 accepted")
            command.send_signal(signal.SIGINT)
            """,
            "send", pipe, "--url", $"{server.Address}");

        shown.LastIndexOf(Escape + "?25h", StringComparison.Ordinal)
            .ShouldBeGreaterThan(shown.LastIndexOf(Escape + "?25l", StringComparison.Ordinal));
        shown.ShouldContain(
            $"Interrupted. 1 event accepted, 0 refused. Nothing was sent from {pipe} line 2, event 2 on.");
        shown.ShouldEndWith("exit 130\n");
    }

    [Fact]
    public async Task BashCompletion_NamesTheVerbsThatFit()
    {
        const string script = """
            source <("$0" completion bash)
            COMP_WORDS=("$0" st) COMP_CWORD=1 COMP_LINE="$0 st" COMP_POINT=$((${#0} + 3))
            _wikibus
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        var completed = await RunAsync("bash", ["-c", script, WikiBusBinary.FilePath]);

        completed.Trim().ShouldBe("streams");
    }

    private static async Task<RunningServer> StartWithSamplesAsync()
    {
        var server = await RunningServer.StartAsync();
        var sent = await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", $"{server.Address}"]);
        sent.ExitCode.ShouldBe(0, sent.Error);
        return server;
    }

    private static void ShouldFit(string table)
    {
        foreach (var line in table.Split('\n'))
        {
            // The first line of the terminal's output sets its mode.
            line.Replace(Escape + "?1h" + "\u001b=", "", StringComparison.Ordinal).TrimEnd('\r').Length
                .ShouldBeLessThanOrEqualTo(80, line);
        }
    }

    private static Task<string> ShowAsync(
        string arguments, int columns = 200, params (string Name, string Value)[] variables) =>
        RunAsync(
            "script",
            [
                "--quiet", "--return",
                "--command", $"stty cols {columns}; {WikiBusBinary.FilePath} {arguments}", "/dev/null",
            ],
            [("TERM", "xterm-256color"), .. variables]);

    /// <summary>Runs the binary on a terminal, beside a script that sees what it shows.</summary>
    /// <param name="script">May use <c>master</c>, <c>command</c> and <c>wait_for</c>.</param>
    /// <param name="arguments">Arguments of the binary. If the second is no option, it is made as a pipe.</param>
    private static Task<string> RunOnTerminalAsync(string script, params string[] arguments)
    {
        const string Start = """
            import fcntl, os, pty, select, signal, struct, subprocess, sys, termios
            if not sys.argv[3].startswith("-"):
                os.mkfifo(sys.argv[3])
            master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
            # A shell's background job ignores SIGINT, and so would all that it starts, the tests and the command too.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            command = subprocess.Popen(sys.argv[1:], stdin=slave, stdout=slave, stderr=slave)
            os.close(slave)
            shown = b""
            def give_up(*_):
                sys.exit(f"after 50 s the terminal shows {shown[-2000:]}")
            signal.signal(signal.SIGALRM, give_up)
            signal.alarm(50)
            def wait_for(*texts):
                global shown
                while not all(text in shown for text in texts):
                    shown += os.read(master, 65536)

            """;
        const string End = """

            try:
                while part := os.read(master, 65536):
                    shown += part
            except OSError:
                pass
            print(shown.decode(), "exit", command.wait())
            """;
        return RunAsync(
            "python3", ["-c", Start + script + End, WikiBusBinary.FilePath, .. arguments], ("TERM", "xterm-256color"));
    }

    private static async Task<string> RunAsync(
        string command, string[] arguments, params (string Name, string Value)[] variables)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, command)));
        Assert.SkipUnless(isThere, $"The command {command} is not installed.");
        var start = WikiBusBinary.StartInfo(arguments);
        start.FileName = command;
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(TestTime.Limit);
            process.ExitCode.ShouldBe(0, await error);
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
