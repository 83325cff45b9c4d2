using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>What <c>wikibus send</c> says about events that were refused, repeated, or not sent.</summary>
public sealed class SendReportTests
{
    private const string Good = """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":"x"}""";

    /// <summary>Events that one request holds by default.</summary>
    private const int RequestEvents = 5_000;

    [Fact]
    public async Task EventRefused_SaysFileLineAndStream()
    {
        await using var server = await RunningServer.StartAsync();
        var file = server.FilePath("events.json");
        var bad = """{"$schema":"/no/such/1.0.0","meta":{"stream":"test.event","id":"the-bad-one"}}""";
        await File.WriteAllTextAsync(file, $"[\n{Good},\n\n{bad}]\n", TestTime.Token());

        var result = await SendAsync(server.Address, "", file);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"{file} line 4, event 2 (test.event the-bad-one) is refused: ");
    }

    [Fact]
    public async Task EventRefusedWithControlCharacters_ShowsNone()
    {
        await using var server = await RunningServer.StartAsync();
        var bad = """{"$schema":"/no\u001b[31m/1.0.0","meta":{"stream":"a\u001b]0;x\u0007","id":"b\nc\u202e"}}""";

        var result = await SendAsync(server.Address, bad, "-");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("(a\ufffd]0;x\ufffd b\ufffdc\ufffd) is ");
        result.Error.Where(static letter => char.IsControl(letter) && letter != '\n').ShouldBeEmpty();
    }

    [Fact]
    public async Task EventsInvalidThatHaveNoId_AreFoundAlthoughTheServerFilledThem()
    {
        await using var server = await RunningServer.StartAsync();
        var bad = Good.Replace("\"x\"", "1", StringComparison.Ordinal);

        var result = await SendAsync(server.Address, $"{Good}\n{bad}\n{Good}\n{bad}\n", "-");

        result.Error.ShouldContain("standard input line 2, event 2 (test.event ");
        result.Error.ShouldContain("standard input line 4, event 4 (test.event ");
        result.Error.ShouldContain("2 events accepted, 2 refused");
    }

    [Theory]
    [InlineData(""" {"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":"x","test":"y"} """)]
    [InlineData(""" {"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":{"a":1,"a":2}} """)]
    public async Task EventWithAMemberTwice_IsFoundAlthoughItHasNoId(string bad)
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server.Address, $"{Good}\n{bad}\n{Good}\n{bad}\n", "-");

        result.Error.ShouldContain("standard input line 2, event 2 (test.event");
        result.Error.ShouldContain("standard input line 4, event 4 (test.event");
    }

    [Theory]
    [InlineData("""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":1,"x":"aÿ"}""")]
    [InlineData("""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"bÿ"},"test":1}""")]
    [InlineData("""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"\ud800"},"test":1}""")]
    [InlineData("""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":1,"cÿ":1}""")]
    [InlineData("""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":1,"x":"\ud800"}""")]
    public async Task EventRefusedThatIsNoUnicode_SaysFileAndLine(string bad)
    {
        await using var server = await RunningServer.StartAsync();
        var file = server.FilePath("events.json");

        // The byte 0xff is never part of UTF-8.
        await File.WriteAllTextAsync(file, $"{Good}\n{bad}\n", Encoding.Latin1, TestTime.Token());
        var result = await SendAsync(server.Address, "", file);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"{file} line 2, event 2 (test.event");
        result.Error.ShouldContain("1 event accepted, 1 refused");
    }

    [Fact]
    public async Task ArrayOnOneLineWithAFault_SaysWhichEventOfTheLineWasNotSent()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server.Address, $"[{Good},{Good},]", "-");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("standard input: event 3 is not JSON, line 1: The JSON array contains a trailing");
        result.Error.ShouldNotContain("reader options");
        result.Error.ShouldContain(
            "2 events accepted, 0 refused. Nothing was sent from standard input line 1, event 3 on.");
    }

    [Fact]
    public async Task EventThatCannotBeACanary_IsTheFirstThatWasNotSent()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server.Address, $"{Good} {Good} 1 {Good}", "-", "--canary");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain(
            "2 events accepted, 0 refused. Nothing was sent from standard input line 1, event 3 on.");
    }

    [Fact]
    public async Task TextThatIsNoJson_SaysHowManyWereAcceptedAndFromWhereOnNothingWasSent()
    {
        await using var server = await RunningServer.StartAsync();
        const int Count = RequestEvents + 7;

        var result = await SendAsync(server.Address, Lines(Count) + "{bad\n" + Lines(2), "-");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"standard input: event {Count + 1} is not JSON, line {Count + 1}: ");
        result.Error.ShouldContain($"{Count} events accepted, 0 refused");
        result.Error.ShouldContain($"Nothing was sent from standard input line {Count + 1}, event {Count + 1} on.");
    }

    [Fact]
    public async Task ServerThatRefusesInTheMiddle_SaysFromWhereOnNothingWasAccepted()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 201 : 403;
            return Task.CompletedTask;
        });
        using var directory = new TestDirectory();
        var file = directory.Combine("events.ndjson");
        await File.WriteAllTextAsync(file, Lines(RequestEvents + 2), TestTime.Token());

        var result = await SendAsync(server.Address, "", file);

        result.ExitCode.ShouldBe(1, result.Error);
        result.Error.ShouldContain($"{RequestEvents} events accepted, 0 refused");
        result.Error.ShouldContain(
            $"Nothing was accepted from {file} line {RequestEvents + 1}, event {RequestEvents + 1} on.");
        result.Error.ShouldContain("answered 403");
    }

    [Fact]
    public async Task FileThatCannotBeRead_IsSaidWithItsLineAfterTheFilesBeforeIt()
    {
        const string unreadable = "/proc/self/mem";
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server.Address, Lines(3), "-", unreadable);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"{unreadable} line 1: the file cannot be read: Input/output error");
        result.Error.ShouldContain(
            $"3 events accepted, 0 refused. Nothing was sent from {unreadable} line 1, event 1 on.");
        result.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task ServerThatIsAway_IsSaidWhileMoreEventsMayCome()
    {
        // The writer keeps the pipe open, so the next read has begun when the request fails.
        var result = await WikiBusBinary.RunInAsync(
            "bash",
            [
                "-c", "\"$0\" send --url http://127.0.0.1:1 < <(echo \"$1\"; exec sleep 5 2>/dev/null); echo $?",
                WikiBusBinary.FilePath, Good,
            ]);

        result.Output.ShouldBe("1\n", result.Error);
        result.Error.ShouldContain("No answer from http://127.0.0.1:1");
        result.Error.ShouldContain(
            "0 events accepted, 0 refused. Nothing was accepted from standard input line 1, event 1 on.");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task PipeThatNobodyWritesTo_IsLeftAtASignal(string signal)
    {
        using var directory = new TestDirectory();
        var pipe = directory.Combine("pipe");

        // If the first signal does not end it, timeout kills it and returns 137.
        var result = await WikiBusBinary.RunInAsync(
            "bash",
            [
                "-c",
                "mkfifo \"$1\" && timeout -s \"$2\" -k 10 5 \"$0\" send --url http://127.0.0.1:1 \"$1\"; echo $?",
                WikiBusBinary.FilePath, pipe, signal,
            ]);

        result.Output.ShouldBe("124\n", result.Error);
        result.Error.ShouldContain(
            $"Interrupted. 0 events accepted, 0 refused. Nothing was sent from {pipe} line 1, event 1 on.");
    }

    [Fact]
    public async Task Folder_IsSaidToBeOne()
    {
        using var directory = new TestDirectory();
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server.Address, "", directory.Combine(""));

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("is a folder; name the files in it.");
    }

    [Fact]
    public async Task FileThatIsMissing_IsSaidAfterTheFilesBeforeIt()
    {
        await using var server = await RunningServer.StartAsync();
        var missing = server.FilePath("missing.json");

        var result = await SendAsync(server.Address, Lines(3), "-", missing);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("3 events accepted, 0 refused");
        result.Error.ShouldContain($"Nothing was sent from {missing} line 1, event 1 on.");
    }

    [Fact]
    public async Task EventsSentAgain_AreCountedApart()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await SendAsync(server.Address, "", SampleEvents.FilePath);

        var second = await SendAsync(server.Address, Lines(2), SampleEvents.FilePath, "-");

        first.Error.ShouldNotContain("duplicate");
        second.ExitCode.ShouldBe(0, second.Error);
        second.Error.ShouldContain(
            $"{SampleEvents.Count + 2} events accepted, 0 refused; "
            + $"{SampleEvents.Count} of the accepted are duplicates, not stored again");
    }

    [Theory]
    [InlineData("Intake:EventCountMax", "2")]
    [InlineData("Intake:BodyBytesMax", "1024")]
    public async Task RequestThatIsTooLarge_NamesTheOptionAndTheWayOut(string option, string value)
    {
        await using var server = await RunningServer.StartAsync((option, value));

        var refused = await SendAsync(server.Address, Lines(30), "-");
        var sent = await SendAsync(server.Address, Lines(30), "-", "--batch", "2");

        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("413");
        refused.Error.ShouldContain($"{option} ({value})");
        refused.Error.ShouldContain("--batch");
        sent.ExitCode.ShouldBe(0, sent.Error);
        sent.Error.ShouldContain("30 events accepted, 0 refused");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public async Task BatchThatIsNotAllowed_SaysWhatIs(string batch)
    {
        var result = await SendAsync(new Uri("http://127.0.0.1:1"), Good, "-", "--batch", batch);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain($"--batch: '{batch}' is not allowed; 1 to 65536 is");
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat(Good + "\n", count));

    private static Task<CommandResult> SendAsync(Uri address, string input, params string[] arguments) =>
        WikiBusBinary.RunAsync(["send", .. arguments, "--url", address.ToString()], input);
}
