using System.Diagnostics;
using System.Text;
using System.Text.Json;
using WikiBus.FunctionalTests.Hostile;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

using EventLog = WikiBus.Storage.EventLog;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>
/// As many streams as are allowed: no request may do work for each of them. The limits are ten times what is expected.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ManyStreamsTests
{
    private const int StreamCount = 10_000;

    [Fact]
    public async Task TenThousandStreams_AreStartedListedAndAddedTo_Fast()
    {
        using var directory = new TestDirectory();
        var data = directory.Combine("data");
        await FillAsync(Path.Combine(data, "log"), StreamCount - 1);
        var started = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(data);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));

        started = Stopwatch.GetTimestamp();
        var answer = await RawHttp.SendAsync(server.Address, "GET", "/v2/streams", [], body: null);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        using var list = JsonDocument.Parse(answer.Body);
        var held = list.RootElement.GetProperty("streams").EnumerateArray()
            .Where(static stream => stream.GetProperty("first").ValueKind == JsonValueKind.Object)
            .ToList();
        held.Count.ShouldBe(StreamCount - 1);
        held.ShouldAllBe(static stream => stream.GetProperty("first").GetProperty("time").GetDateTime().Year > 2020);

        started = Stopwatch.GetTimestamp();
        (await PostAsync(server, "new.stream")).Status.ShouldBe(201);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        var refused = await PostAsync(server, "one.too.many");
        refused.Status.ShouldBe(500);
        Encoding.UTF8.GetString(refused.Body).ShouldContain("there are 10000 streams already");
    }

    private static Task<RawResponse> PostAsync(ServerProcess server, string stream)
    {
        var text = $$$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"{{{stream}}}"},"test":"hello"}""";
        return RawHttp.SendAsync(
            server.Address, "POST", "/v1/events", [("Content-Type", "application/json")], Encoding.UTF8.GetBytes(text));
    }

    private static async Task FillAsync(string directory, int streamCount)
    {
        var options = new EventLogOptions { SegmentBytesMax = 8 << 20, StreamCountMax = StreamCount };
        await using var log = EventLog.Open(directory, options, new PhysicalFileSystem(), TimeProvider.System);
        var payload = new byte[100];
        Array.Fill(payload, (byte)' ');
        "{}"u8.CopyTo(payload);
        for (var round = 0; round < 5; round++)
        {
            // Some streams are only in the first segments, some only in the last.
            var streams = Enumerable.Range(0, streamCount).Where(number => round == number % 5 || number % 3 == 0);
            foreach (var some in streams.Chunk(1000))
            {
                var drafts = some.Select(number => new RecordDraft { Stream = $"stream.{number}", Payload = payload });
                var result = await log.Append([.. drafts]).Completion.WaitAsync(TestTime.Limit);
                result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
            }
        }
    }
}
