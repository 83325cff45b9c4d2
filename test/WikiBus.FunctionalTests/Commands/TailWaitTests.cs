using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>Streams that begin after <c>wikibus tail</c> did.</summary>
public sealed class TailWaitTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task StreamThatDoesNotExistYet_IsWaitedForAndReadFromItsFirstEvent()
    {
        using var tail = Tail("new.event", "--count", "2");
        (await tail.ReadErrorLineAsync()).ShouldBe(
            "wikibus: new.event does not exist yet, or cannot be read without a key (--key, or --data); waiting");

        await TestEvents.AppendAsync(Server, "new.event", 0, 1);

        (await ReadAsync(tail, 2)).ShouldBe(["new.event-0", "new.event-1"]);
        (await tail.EndAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public async Task OneOfTwoMissing_TheOtherIsReadMeanwhileAndNothingTwice()
    {
        await TestEvents.AppendAsync(Server, "half.old", 0);
        using var tail = Tail("half.old", "half.new", "--last", "1", "--count", "6");
        (await tail.ReadErrorLineAsync()).ShouldContain("half.new does not exist yet");
        (await ReadAsync(tail, 1)).ShouldBe(["half.old-0"]);

        await TestEvents.AppendAsync(Server, "half.new", 0);
        await TestEvents.AppendAsync(Server, "half.old", 1);

        (await ReadAsync(tail, 2)).ShouldBe(["half.new-0", "half.old-1"], ignoreOrder: true);
        await TestEvents.AppendAsync(Server, "half.new", 1);
        await TestEvents.AppendAsync(Server, "half.old", 2);
        await TestEvents.AppendAsync(Server, "half.new", 2);
        (await ReadAsync(tail, 3)).ShouldBe(["half.new-1", "half.old-2", "half.new-2"]);
        (await tail.EndAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public async Task Pattern_TakesInStreamsThatComeLater()
    {
        await TestEvents.AppendAsync(Server, "some.one", 0);
        using var tail = Tail("some.*", "--since", "1h", "--count", "3");
        (await ReadAsync(tail, 1)).ShouldBe(["some.one-0"]);

        await TestEvents.AppendAsync(Server, "some.two", 0, 1);

        (await ReadAsync(tail, 2)).ShouldBe(["some.two-0", "some.two-1"]);
        (await tail.EndAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public async Task ReplayUntilATime_DoesNotWait()
    {
        using var tail = Tail("no.such.stream", "--until", "2020-01-01");

        var (exitCode, error) = await tail.EndAsync();

        exitCode.ShouldBe(1);
        error.ShouldContain("no.such.stream does not exist");
    }

    private RunningCommand Tail(params string[] arguments) =>
        RunningCommand.Start(["tail", .. arguments, "--url", $"{Server.Address}"]);

    private static async Task<IReadOnlyList<string>> ReadAsync(RunningCommand tail, int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            ids.Add(TailLine.IdOf(await tail.ReadLineAsync()));
        }

        return ids;
    }
}
