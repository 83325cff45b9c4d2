using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>
/// The property: every client gets exactly what the log's files hold, whatever the sizes of requests, events and
/// writes. As events and as JSON lines, of one stream or several, filtered or whole, from a time, from an id, from an
/// id of another log, and after it fell behind.
/// </summary>
public sealed class ReadingPropertyTests
{
    private const int ClientsPerCase = 6;
    private const int BytesMax = 6 << 20;

    private static readonly string[] s_streams = ["a.event", "b.event", "c.event"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyClient_GetsExactlyWhatTheFilesHold(int seed)
    {
        var random = new Random(seed);
        await using var server = await RunningServer.StartAsync(
            ("Streaming:WriteBytesMax", $"{4096 << random.Next(9)}"), ("Streaming:CacheBytesMax", "1048576"),
            ("Log:SegmentBytesMax", $"{65536 << random.Next(8)}"), ("Streaming:WriteTimeout", "5 min"));
        await TestEvents.AppendAsync(
            server, [.. s_streams.Select(static stream => (stream, TestEvents.Json(stream, -1)))]);
        var slow = new List<RawStream>();
        foreach (var stream in s_streams)
        {
            slow.Add(await RawStream.OpenAsync(server.Address, $"/v2/stream/{stream}"));
        }

        await FillAsync(server, random);
        var held = Dump(server);

        // At the same time, since each waits a while for records that may still be on their way.
        await Task.WhenAll(Enumerable.Range(0, ClientsPerCase).Select(_ => ReadAsync(server, held, random)));

        // These were at the head, and the window has moved on without them.
        for (var index = 0; index < slow.Count; index++)
        {
            foreach (var record in held.Where(record => record.Stream == s_streams[index]).Skip(1))
            {
                PositionOf(await slow[index].ReadEventAsync()).ShouldBe(record.Position);
            }

            await slow[index].DisposeAsync();
        }
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task RequestOfManySmallEvents_IsReadWhole_AndSoIsWhatLiesBehindIt(string accept)
    {
        const int Count = 5_000;
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "big.event", [.. Enumerable.Range(0, Count)]);
        await TestEvents.AppendAsync(server, "behind.event", 0);
        await server.RestartAsync();

        string[] streams = ["big.event", "behind.event", "big.event,behind.event"];
        var got = await Task.WhenAll(
            streams.Select(names => ReadToEndAsync(server, names, accept, Past(server))));
        got.Select(static places => places.Count).ShouldBe([Count, 1, Count + 1]);
    }

    private static async Task FillAsync(RunningServer server, Random random)
    {
        var bytes = 0L;
        var number = 0;
        for (var requests = random.Next(2, 20); requests > 0 && bytes < BytesMax; requests--)
        {
            var count = random.Next(3) switch { 0 => 1, 1 => random.Next(1, 50), _ => random.Next(1, 4_000) };
            var largest = random.Next(6) switch { 0 => 1_500_000, 1 => 50_000, _ => 300 };
            largest = Math.Min(largest, BytesMax / count);
            var events = Enumerable.Range(0, count)
                .Select(_ => Event(s_streams[random.Next(s_streams.Length)], number++, random.Next(largest)))
                .ToArray();
            await TestEvents.AppendAsync(server, events);
            bytes += events.Sum(static item => (long)item.Json.Length);
        }
    }

    private static (string Stream, string Json) Event(string stream, int number, int length) =>
        (stream, TestEvents.Json(
            stream, number,
            more: $",\"kind\":\"{(number % 7 == 0 ? "rare" : "usual")}\",\"text\":\"{new string('x', length)}\""));

    private static async Task ReadAsync(RunningServer server, List<Held> held, Random random)
    {
        var streams = s_streams.Where(_ => random.Next(2) == 0).DefaultIfEmpty(s_streams[0]).ToArray();
        var start = random.Next(2) == 0 ? null : held[random.Next(held.Count)];
        var (filter, wants) = random.Next(4) switch
        {
            0 => ("&filter=kind=none", static _ => false),
            1 => ("&filter=kind=rare&fields=n", static record => record.IsRare),
            _ => ("", (Func<Held, bool>)(static _ => true)),
        };
        var accept = random.Next(2) == 0 ? "text/event-stream" : "application/json";
        var log = server.Services.GetRequiredService<EventLog>();
        var isForeign = start is not null && random.Next(2) == 0;
        var from = start is null ? Past(server) : Past(server) + $"&Last-Event-ID=[{{\"topic\":\"{streams[0]}\","
            + $"\"partition\":0,\"offset\":0,\"timestamp\":{start.TimeMs + 1},"
            + $"\"log\":\"{(isForeign ? "another" : log.LogId)}\",\"position\":{start.Position}}}]";
        var got = await ReadToEndAsync(server, string.Join(',', streams), accept, from + filter);
        got.ShouldBe(held
            .Where(record => start is null
                || (isForeign ? record.TimeMs >= start.TimeMs : record.Position >= start.Position))
            .Where(record => streams.Contains(record.Stream))
            .Where(wants)
            .Select(static record => (record.Stream, record.Offset)));
    }

    /// <summary>All events appended until now.</summary>
    private static string Past(RunningServer server)
    {
        var soon = server.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddMilliseconds(1);
        return string.Create(CultureInfo.InvariantCulture, $"?since=0&until={soon.ToUnixTimeMilliseconds()}");
    }

    private static async Task<List<(string Stream, long Offset)>> ReadToEndAsync(
        RunningServer server, string streams, string accept, string query)
    {
        await using var stream = await RawStream.GetAsync(
            server.Address, $"/v2/stream/{streams}{query}", $"Accept: {accept}");
        if (stream.Status == 204)
        {
            return [];
        }

        var lines = (await stream.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var prefix = accept == "application/json" ? "{" : "data: {";
        return [.. lines
            .Where(line => line.StartsWith(prefix, StringComparison.Ordinal)
                && !line.Contains("\"foreign-id\"", StringComparison.Ordinal))
            .Select(PlaceOf)];
    }

    private static (string Stream, long Offset) PlaceOf(string line)
    {
        using var text = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]);
        var meta = text.RootElement.GetProperty("meta");
        return (meta.GetProperty("topic").GetString()!, meta.GetProperty("offset").GetInt64());
    }

    private static long PositionOf(SseBlock block) => block.Place.GetProperty("position").GetInt64() - 1;

    private static List<Held> Dump(RunningServer server)
    {
        var held = new List<Held>();
        var directory = Path.Combine(server.DataDirectory, "log");
        new LogInspector(directory, new PhysicalFileSystem()).Dump(0, record =>
        {
            var isRare = record.Payload.Span.IndexOf("\"kind\":\"rare\""u8) >= 0;
            held.Add(new Held(record.Position, record.Stream, record.Offset, record.TimeMs, isRare));
            return true;
        });
        return held;
    }

    private sealed record Held(long Position, string Stream, long Offset, long TimeMs, bool IsRare);
}
