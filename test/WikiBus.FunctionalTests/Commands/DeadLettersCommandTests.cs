using System.Text.Json;
using WikiBus.FunctionalTests.Deliveries;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.FunctionalTests.Commands;

public sealed class DeadLettersCommandTests
{
    private static readonly byte[] s_payload = """{"a": 1}"""u8.ToArray();

    [Fact]
    public async Task DeadLetters_AreListedShownReplayedAndDropped()
    {
        await using var server = await StartAsync();
        await server.DieAsync("s", "a", s_payload, s_payload, s_payload, s_payload);
        server.Feature.Answer = new DeliveryResult(Verdict.Done, 200);

        var listed = await RunAsync(server, "list", "--subscription", "s", "--stream", "a", "--since", "1h");
        var ids = Lines(listed).ConvertAll(static line => line.GetProperty("id").GetString()!);
        var first = await RunAsync(server, "list", "--limit", "1");
        var shown = await RunAsync(server, "show", ids[0]);
        var replayed = await RunAsync(server, "replay", ids[0], ids[1]);
        var dropped = await RunAsync(server, "drop", ids[2]);
        var rest = await RunAsync(server, "drop", "--subscription", "s", "--yes");

        ids.Count.ShouldBe(4);
        Lines(first).Single().GetProperty("id").GetString().ShouldBe(ids[0]);
        Lines(shown).Single().GetProperty("payload").GetString().ShouldBe("""{"a": 1}""");
        replayed.ShouldBe(Said($"dead letter {ids[0]} sent again\n"
            + $"wikibus: dead letter {ids[1]} sent again"));
        dropped.ShouldBe(Said($"dead letter {ids[2]} dropped"));
        rest.ShouldBe(Said("1 dead letter dropped"));
        (await RunAsync(server, "list")).ShouldBe(new CommandResult(0, "", ""));
    }

    [Fact]
    public async Task ReplayByFilter_FailsWhenThereIsNoRoomForAll()
    {
        await using var server = await StartAsync();
        await server.DieAsync("s", "a", s_payload, s_payload);
        await server.Server.RestartAsync(("Deliveries:WaitingMax", "1"));

        var replayed = await RunAsync(server, "replay", "--stream", "a");

        replayed.ExitCode.ShouldBe(1);
        replayed.Error.ShouldBe(
            "wikibus: 1 dead letter sent again\n"
            + "wikibus: 1 dead letter left: as many deliveries wait as the server allows\n");
    }

    [Theory]
    [InlineData("There is no such dead letter.", "show", "4711")]
    [InlineData("There is no such dead letter.", "replay", "4711")]
    [InlineData("There is no such dead letter.", "drop", "4711")]
    [InlineData("There is no such subscription.", "list", "--subscription", "nobody")]
    public async Task WhatDoesNotExist_ExitsWithOneAndTheReason(string reason, params string[] arguments)
    {
        await using var server = await StartAsync();

        var result = await RunAsync(server, arguments);

        (result.ExitCode, result.Output).ShouldBe((1, ""));
        result.Error.ShouldContain(reason);
    }

    [Fact]
    public async Task Why_WritesTheState()
    {
        await using var server = await StartAsync();
        await server.AppendAsync("a", s_payload);
        await server.SettleAsync("s");

        var byName = await WhyAsync(server, "a@0", "s");
        var byPosition = await WhyAsync(server, "0", "s");

        Lines(byName).Single().GetProperty("state").GetString().ShouldBe("delivered");
        byPosition.Output.ShouldBe(byName.Output);
    }

    [Fact]
    public async Task WhyOfAnUnknownRecord_ExitsWithOneAndItsState()
    {
        await using var server = await StartAsync();

        var result = await WhyAsync(server, "a@7", "s");

        (result.ExitCode, result.Error).ShouldBe((1, ""));
        JsonDocument.Parse(result.Output).RootElement.GetProperty("state").GetString().ShouldBe("unknown-record");
    }

    [Theory]
    [InlineData("There is no such subscription.", "0", "nobody")]
    [InlineData("record: 'nonsense' is not a record.", "nonsense", "s")]
    public async Task WhyThatIsRefused_ExitsWithOneAndTheReason(string reason, string record, string subscription)
    {
        await using var server = await StartAsync();

        var result = await WhyAsync(server, record, subscription);

        (result.ExitCode, result.Output).ShouldBe((1, ""));
        result.Error.ShouldContain(reason);
    }

    private static async Task<DeliveryServer> StartAsync()
    {
        var server = await DeliveryServer.StartAsync();
        await server.SubscribeAsync("s", "admin");
        return server;
    }

    private static Task<CommandResult> RunAsync(DeliveryServer server, params string[] arguments) =>
        WikiBusBinary.RunAsync(["deadletters", .. arguments, .. Connection(server)]);

    private static Task<CommandResult> WhyAsync(DeliveryServer server, string record, string subscription) =>
        WikiBusBinary.RunAsync(["why", record, subscription, .. Connection(server)]);

    private static string[] Connection(DeliveryServer server) =>
        ["--url", $"{server.Server.Address}", "--data", server.Server.DataDirectory];

    private static CommandResult Said(string text) => new(0, "", $"wikibus: {text}\n");

    private static List<JsonElement> Lines(CommandResult result)
    {
        result.ExitCode.ShouldBe(0, result.Error);
        return
        [
            .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => JsonDocument.Parse(line).RootElement),
        ];
    }
}
