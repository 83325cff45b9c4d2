using System.Text;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class LogDamageTests
{
    [Fact]
    public async Task BitFlippedInTheMiddle_IsFoundRefusedAndRepaired()
    {
        await using var server = await RunningServer.StartAsync();
        await SendInRequestsAsync(server);
        await server.StopAsync();
        var segment = FlipABit(server);

        var check = await RunAsync(server, "check");
        check.ExitCode.ShouldBe(1);
        check.Output.ShouldContain(Path.GetFileName(segment));
        check.Error.ShouldBe(
            "wikibus: 1 damaged region. Copy the data directory first; "
            + "then wikibus log repair mends what can be mended, and says what cannot.\n");
        var repair = await RunAsync(server, "repair");
        repair.ExitCode.ShouldBe(0, repair.Error);
        repair.Error.ShouldStartWith("wikibus: 1 damaged region; at most ");
        repair.Error.ShouldContain("kept: ");

        (await RunAsync(server, "check")).ExitCode.ShouldBe(0);
        var dumped = Lines(await RunAsync(server, "dump"));
        dumped.Count.ShouldBeInRange(1, SampleEvents.Count - 1);
        await server.StartAgainAsync();
        using var ready = await server.Client.GetAsync("/readyz", TestTime.Token());
        ready.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task DumpAndInfoOfADamagedLog_WriteWhatIsIntactNameTheRestAndFail()
    {
        await using var server = await RunningServer.StartAsync();
        await SendInRequestsAsync(server);
        await server.StopAsync();
        var segment = FlipABit(server);

        var dump = await RunAsync(server, "dump");
        dump.ExitCode.ShouldBe(1);
        Lines(dump).Count.ShouldBe(SampleEvents.Count - 1);
        dump.Error.ShouldStartWith($"wikibus: {segment}, bytes ");
        dump.Error.ShouldEndWith(
            "wikibus: 1 damaged region; everything else was written. wikibus log check lists all of them.\n");
        var info = await RunAsync(server, "info");
        info.ExitCode.ShouldBe(1);
        Lines(info).Sum(static line => line.GetProperty("recordCount").GetInt32()).ShouldBe(SampleEvents.Count - 1);
        info.Error.ShouldBe(dump.Error);
    }

    [Fact]
    public async Task VersionByteFlippedInTheHeader_IsDamageEverywhereAndNothingIsLost()
    {
        await using var server = await RunningServer.StartAsync();
        await SendInRequestsAsync(server);
        await server.StopAsync();
        var segment = Directory.GetFiles(Path.Combine(server.DataDirectory, "log"), "*.segment").Max()!;
        var bytes = await File.ReadAllBytesAsync(segment, TestTime.Token());
        bytes[9] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, TestTime.Token());

        foreach (var verb in new[] { "check", "dump", "info" })
        {
            var result = await RunAsync(server, verb);
            result.ExitCode.ShouldBe(1, verb);
            (result.Output + result.Error).ShouldContain("header is damaged");
        }

        var repair = await RunAsync(server, "repair");
        repair.Error.ShouldContain("at most 0 records lost");
        Lines(await RunAsync(server, "dump")).Count.ShouldBe(SampleEvents.Count);
        await server.StartAgainAsync();
    }

    [Fact]
    public async Task DumpedRecord_HasItsHeaderAndItsPayloadAsJson()
    {
        await using var server = await RunningServer.StartAsync();
        await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", server.Address.ToString()]);
        await server.StopAsync();

        var records = Lines(await RunAsync(server, "dump"));

        var change = records.First(
            static record => record.GetProperty("stream").GetString() == "mediawiki.recentchange");
        var payload = change.GetProperty("payload");
        var meta = payload.GetProperty("meta");
        change.GetProperty("id").GetString().ShouldBe(meta.GetProperty("id").GetString());
        change.GetProperty("channel").GetString()
            .ShouldBe($"event://{meta.GetProperty("domain").GetString()}/mediawiki/recentchange");
        change.GetProperty("key").GetString()
            .ShouldBe($"{payload.GetProperty("wiki").GetString()}:{payload.GetProperty("title").GetString()}");
        change.GetProperty("attributes").EnumerateArray()
            .Select(static pair => (pair[0].GetString(), pair[1].GetString()))
            .ShouldContain(("wiki", payload.GetProperty("wiki").GetString()));
    }

    /// <summary>Several requests, so that there are frames before and after the damaged one.</summary>
    private static async Task SendInRequestsAsync(RunningServer server)
    {
        foreach (var line in await File.ReadAllLinesAsync(SampleEvents.FilePath, TestTime.Token()))
        {
            using var content = new StringContent(line, Encoding.UTF8, "application/json");
            using var response = await server.Client.PostAsync("/v1/events", content, TestTime.Token());
            response.EnsureSuccessStatusCode();
        }
    }

    private static string FlipABit(RunningServer server)
    {
        var middle = File.ReadLines(SampleEvents.FilePath).ElementAt(SampleEvents.Count / 2);
        var id = JsonDocument.Parse(middle).RootElement.GetProperty("meta").GetProperty("id").GetString()!;
        var (segment, bytes, place) = Directory.GetFiles(Path.Combine(server.DataDirectory, "log"), "*.segment")
            .Select(static file => (File: file, Bytes: File.ReadAllBytes(file)))
            .Select(file => (file.File, file.Bytes, Place: file.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(id))))
            .Single(static file => file.Place >= 0);
        bytes[place] ^= 0x10;
        File.WriteAllBytes(segment, bytes);
        return segment;
    }

    private static List<JsonElement> Lines(CommandResult result) =>
    [
        .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement),
    ];

    private static Task<CommandResult> RunAsync(RunningServer server, string verb) =>
        WikiBusBinary.RunAsync(["log", verb, "--data", server.DataDirectory]);
}
