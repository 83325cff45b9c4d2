using System.Globalization;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>Existing clients across a restart of the server: no event is lost or repeated.</summary>
public sealed class StreamClientTests
{
    private const string Stream = "/v2/stream/a.event";

    [Fact]
    public async Task NpmEventSource_ResumesAcrossARestart()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(ClientProcess.Folder, "node_modules", "eventsource")),
            "The npm package eventsource is not installed (npm install in test/clients).");
        await using var server = await RunningServer.StartAsync(("Streaming:RetryDelay", "100 ms"));
        await TestEvents.AppendAsync(server, "a.event", -1);
        await using var client = ClientProcess.Start(
            "node", "eventsource-reader.js", new Uri(server.Address, Stream).ToString());
        (await client.ReadLineAsync()).ShouldBe("open");
        await ShouldFollowAsync(server, client, number => number.ToString(CultureInfo.InvariantCulture), "open");
    }

    [Fact]
    public async Task AReaderByTheRulesOfRequestsSse_KeepsItsIdOverHeartbeats()
    {
        await using var server = await RunningServer.StartAsync(
            ("Streaming:RetryDelay", "100 ms"), ("Streaming:HeartbeatInterval", "1 s"));
        await TestEvents.AppendAsync(server, "a.event", -1);
        await using var client = ClientProcess.Start(
            "python3", "requests_sse_reader.py", new Uri(server.Address, Stream).ToString());
        (await client.ReadLineAsync()).ShouldBe("open");
        (await client.ReadLineAsync()).ShouldBe("id kept");
        (await client.ReadLineAsync()).ShouldBe("id kept", "a heartbeat");
        await TestEvents.AppendAsync(server, "a.event", 1000);
        (await client.ReadLineAsync("message")).ShouldBe("message 1000");
        (await client.ReadLineAsync()).ShouldBe("id kept", "a heartbeat after an event");
        await ShouldFollowAsync(server, client, number => $"message {number}", "id lost", "id kept", "open");
    }

    [Fact]
    public async Task Curl_ResumesAcrossARestart()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", -1);
        string id;
        await using (var client = ClientProcess.Start("curl", "-sN", new Uri(server.Address, Stream).ToString()))
        {
            (await client.ReadLineAsync()).ShouldBe(":ok");
            await TestEvents.AppendAsync(server, "a.event", 0, 1, 2);
            (await client.ReadLineAsync("data: ")).ShouldEndWith("\"n\":0}");
            (await client.ReadLineAsync("data: ")).ShouldEndWith("\"n\":1}");
            (await client.ReadLineAsync("data: ")).ShouldEndWith("\"n\":2}");
            await server.StopAsync();
            id = (await client.ReadLineAsync("id: "))["id: ".Length..];
        }

        await server.StartAgainAsync();
        await TestEvents.AppendAsync(server, "a.event", 3);
        await using var resumed = ClientProcess.Start(
            "curl", "-sN", "-H", $"Last-Event-ID: {id}", new Uri(server.Address, Stream).ToString());
        (await resumed.ReadLineAsync()).ShouldBe(":ok");
        await TestEvents.AppendAsync(server, "a.event", 4);
        (await resumed.ReadLineAsync("data: ")).ShouldEndWith("\"n\":3}");
        (await resumed.ReadLineAsync("data: ")).ShouldEndWith("\"n\":4}");
    }

    /// <summary>Appends around two restarts at the same address. The client prints every event once.</summary>
    private static async Task ShouldFollowAsync(
        RunningServer server, ClientProcess client, Func<int, string> line, params string[] skip)
    {
        var number = 0;
        for (var start = 0; start < 3; start++)
        {
            var from = number;
            await TestEvents.AppendAsync(server, "a.event", number++, number++);
            for (var expected = from; expected < number; expected++)
            {
                string printed;
                do
                {
                    printed = await client.ReadLineAsync();
                }
                while (skip.Contains(printed));

                printed.ShouldBe(line(expected));
            }

            await server.RestartAsync(
                ("Hosting:Listen:0", server.Address.ToString()), ("Streaming:RetryDelay", "100 ms"));
        }
    }
}
