using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Commands;

public sealed class SendCommandTests
{
    private const string Good =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"ID"},"test":"x"}""";

    [Fact]
    public async Task Samples_AreAllAccepted()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server, "", SampleEvents.FilePath);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain($"{SampleEvents.Count} events accepted, 0 refused");
        server.Services.GetRequiredService<EventLog>().FindStream("mediawiki.recentchange")
            .ShouldNotBeNull().NextOffset.ShouldBePositive();
    }

    [Fact]
    public async Task SentAgain_StoresNothingMore()
    {
        await using var server = await RunningServer.StartAsync();
        await SendAsync(server, "", SampleEvents.FilePath);
        var end = server.Services.GetRequiredService<EventLog>().EndPosition;

        var result = await SendAsync(server, "", SampleEvents.FilePath);

        result.ExitCode.ShouldBe(0, result.Error);
        server.Services.GetRequiredService<EventLog>().EndPosition.ShouldBe(end);
    }

    [Fact]
    public async Task ArrayAndLinesFromAPipe_AreAllSent()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server, $"[{Event(1)},\n {Event(2)} ]\n{Event(3)}\n\n{Event(4)}", "-");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldContain("4 events accepted");
    }

    [Fact]
    public async Task EventRefused_ExitsWithOneAndSaysWhichAndWhy()
    {
        await using var server = await RunningServer.StartAsync();
        var file = server.FilePath("events.json");
        var bad = """{"$schema":"/no/such/1.0.0","meta":{"stream":"test.event","id":"the-bad-one"}}""";
        await File.WriteAllTextAsync(file, $"{Event(1)}\n{bad}\n{Event(2)}\n", TestTime.Token());

        var result = await SendAsync(server, "", file);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"{file} line 2, event 2 (test.event the-bad-one) is refused");
        result.Error.ShouldContain("2 events accepted, 1 refused");
    }

    [Fact]
    public async Task NoJson_ExitsWithOneAndSaysWhere()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server, $"{Event(1)}\n{{oops", "-");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("standard input: event 2 is not JSON, line 2: ");
    }

    [Fact]
    public async Task EventRefusedThatHasNoId_IsFoundByItsBytes()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server, $"{Event(1)}\n{{\"a\":1}}\n{{\"b\":2}}", "-");

        result.Error.ShouldContain("standard input line 2, event 2 (without stream and id) is refused: ");
        result.Error.ShouldContain("standard input line 3, event 3 (without stream and id) is refused: ");
    }

    [Fact]
    public async Task WrongKey_SaysThatItIsNotValid()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await SendAsync(server, Event(1), "-", "--key", "wrong");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("401 Unauthorized. The key that was sent is not valid.");
        result.Error.ShouldContain("(--key or WIKIBUS_KEY)");
    }

    [Fact]
    public async Task MoreThanARequestHolds_IsSplit()
    {
        await using var server = await RunningServer.StartAsync();
        var filling = new string('x', 300_000);
        var lines = Enumerable.Range(0, 10)
            .Select(number => Event(number).Replace("\"x\"", $"\"{filling}\"", StringComparison.Ordinal));

        var result = await SendAsync(server, string.Join('\n', lines), "-");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldContain("10 events accepted");
    }

    [Fact]
    public async Task Canary_GetsTheDomainAndAnIdOfItsOwn()
    {
        await using var server = await RunningServer.StartAsync();
        await SendAsync(server, Event(1), "-");

        var result = await SendAsync(server, Event(1), "-", "--canary");

        result.ExitCode.ShouldBe(0, result.Error);
        server.Services.GetRequiredService<EventLog>().FindStream("test.event")!.NextOffset.ShouldBe(2);
    }

    private static string Event(int number) =>
        Good.Replace("ID", $"00000000-0000-4000-8000-{number:000000000000}", StringComparison.Ordinal);

    private static Task<CommandResult> SendAsync(RunningServer server, string input, params string[] arguments) =>
        WikiBusBinary.RunAsync(["send", .. arguments, "--url", server.Address.ToString()], input);
}
