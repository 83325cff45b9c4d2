using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Streaming.Pages;

namespace WikiBus.FunctionalTests.Streaming;

public sealed class StreamFairnessTests
{
    private const string Target = "/v2/stream/a.event?since=0";

    // Together more than the socket buffers of both sides.
    private const int EventBytes = 1_500_000;
    private const int EventCount = 6;

    /// <summary>
    /// Clients of one address, enough to hold all room for large events, ask for some and read nothing.
    /// </summary>
    [Theory]
    [InlineData("")]
    [InlineData("&fields=n,text")]
    public async Task ClientsThatDoNotReadLargeEvents_KeepNobodyElsewhereFromReading(string query)
    {
        const int RoomForEvents = 8;
        await using var server = await RunningServer.StartAsync(
            ("Streaming:CacheBytesMax", $"{RoomForEvents * EventBytes}"), ("Streaming:WriteTimeout", "1 h"));
        var text = new string('x', EventBytes);
        for (var number = 0; number < EventCount; number++)
        {
            await TestEvents.AppendAsync(
                server, ("a.event", TestEvents.Json("a.event", number, more: $",\"text\":\"{text}\"")));
        }

        var stalled = new List<RawStream>();
        for (var number = 0; number < RoomForEvents + 2; number++)
        {
            stalled.Add(await RawStream.GetAsync(server.Address, Target));
        }

        var held = server.Services.GetRequiredService<PageFeed>().Held;
        await UntilAsync(() => held.Bytes >= EventBytes);
        await using var reading = await RawStream.GetFromAsync(
            IPAddress.Parse("127.0.0.2"), server.Address, Target + query);
        await ReadAllAsync(reading).WaitAsync(TestTime.Limit);
        held.Bytes.ShouldBeInRange(EventBytes, RoomForEvents * EventBytes / 2);
        foreach (var stream in stalled)
        {
            await stream.DisposeAsync();
        }

        await UntilAsync(() => held.Bytes == 0);
    }

    private static async Task ReadAllAsync(RawStream stream)
    {
        for (var number = 0; number < EventCount; number++)
        {
            (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(number);
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
