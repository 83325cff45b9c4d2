using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WikiBus.FunctionalTests.Hostile;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

using EventLog = WikiBus.Storage.EventLog;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>
/// Readers of a log of 400 MB in a process of its own. Whatever they do, posts are answered, and readers that left cost
/// nothing. The limits are at least ten times what is expected.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ManyReadersTests : IAsyncLifetime
{
    private const int ClientCount = 1_000;
    private const long LogBytes = 400L << 20;
    private const string Replay = "/v2/stream/a.event?since=2020-01-01";

    /// <summary>The default of <c>Intake:Deadline</c>.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(4);

    private readonly TestDirectory _directory = new();
    private readonly List<Socket> _clients = [];
    private ServerProcess? _server;

    private ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await FillAsync(Path.Combine(_directory.Combine("data"), "log"));
        _server = await ServerProcess.StartAsync(_directory.Combine("data"));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(static client => client.Dispose());
        await Server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task TwentyThatReplay_DelayNobody()
    {
        const int ReaderCount = 20;
        const int PostCount = 100;
        using var stopping = new CancellationTokenSource();
        var readers = Enumerable.Range(0, ReaderCount).Select(_ => ReplayAsync(stopping.Token)).ToArray();
        var longest = TimeSpan.Zero;
        for (var number = 0; number < PostCount; number++)
        {
            longest = Max(longest, await PostAsync());
        }

        await stopping.CancelAsync();
        var bytes = await Task.WhenAll(readers).WaitAsync(TestTime.Limit);
        longest.ShouldBeLessThan(s_deadline);
        bytes.ShouldAllBe(static count => count > 0, "readers take turns");
    }

    // A client that leaves data unread resets the connection; one that has read everything only ends it.
    [Theory]
    [InlineData("")]
    [InlineData("&filter=n=none")]
    public async Task AThousandThatAskAndLeave_CostNothingSoonAfter_AndDelayNobody(string filter)
    {
        for (var number = 0; number < ClientCount; number++)
        {
            _clients.Add(await AskAsync(filter));
            if (number % 100 == 0)
            {
                (await PostAsync()).ShouldBeLessThan(s_deadline);
            }
        }

        if (filter.Length > 0)
        {
            // Only the opening comes. Read one after the other, in the order of their first turns.
            var buffer = new byte[4096];
            foreach (var client in _clients)
            {
                (await client.ReceiveAsync(buffer, TestTime.Token())).ShouldBeGreaterThan(0);
            }
        }

        _clients.ForEach(static client => client.Dispose());
        var left = Stopwatch.GetTimestamp();
        while (await ConnectionCountAsync() > 0)
        {
            (await PostAsync()).ShouldBeLessThan(s_deadline);
            Stopwatch.GetElapsedTime(left).ShouldBeLessThan(s_deadline);
        }

        // Replaying for all of them would cost some minutes.
        var before = ProcessorTime();
        for (var number = 0; number < 20; number++)
        {
            (await PostAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        }

        (ProcessorTime() - before).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task AThousandThatStayAndNeverRead_DelayNeitherPostsNorTheStop()
    {
        for (var number = 0; number < ClientCount; number++)
        {
            _clients.Add(await AskAsync());
        }

        for (var number = 0; number < 20; number++)
        {
            (await PostAsync()).ShouldBeLessThan(s_deadline);
        }

        var started = Stopwatch.GetTimestamp();
        (await Server.TerminateAsync()).ShouldBe(0, Server.Error);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        Server.Error.ShouldContain("Stopped; the log is closed");
    }

    private static async Task FillAsync(string directory)
    {
        const int EventsPerRequest = 100;
        await using var log = EventLog.Open(
            directory, new EventLogOptions(), new PhysicalFileSystem(), TimeProvider.System);
        var text = new string('x', 900);
        for (long bytes = 0, number = 0; bytes < LogBytes; bytes += EventsPerRequest * 1024)
        {
            var drafts = Enumerable.Range(0, EventsPerRequest).Select(_ => new RecordDraft
            {
                Stream = "a.event",
                Payload = Encoding.UTF8.GetBytes(
                    $$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"a.event"},"n":{{number++}},"""
                    + $"\"text\":\"{text}\"}}"),
                MetaEnd = 57,
            });
            var result = await log.Append([.. drafts]).Completion.WaitAsync(TestTime.Limit);
            result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
        }
    }

    private async Task<TimeSpan> PostAsync()
    {
        const string Event = """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":"hello"}""";
        var started = Stopwatch.GetTimestamp();
        var answer = await RawHttp.SendAsync(
            Server.Address, "POST", "/v1/events", [("Content-Type", "application/json")],
            Encoding.UTF8.GetBytes(Event));
        answer.Status.ShouldBe(201);
        return Stopwatch.GetElapsedTime(started);
    }

    private async Task<Socket> AskAsync(string filter = "")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Server.Address.Port, TestTime.Token());
        var request = Encoding.ASCII.GetBytes(
            $"GET {Replay}{filter} HTTP/1.1\r\nHost: {Server.Address.Authority}\r\n\r\n");
        await socket.SendAsync(request, TestTime.Token());
        return socket;
    }

    /// <summary>Replays from the beginning, again and again. Returns the bytes that came.</summary>
    private async Task<long> ReplayAsync(CancellationToken stopping)
    {
        var buffer = new byte[256 * 1024];
        var bytes = 0L;
        using var socket = await AskAsync();
        try
        {
            while (await socket.ReceiveAsync(buffer, stopping) is var count and > 0)
            {
                bytes += count;
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }

        return bytes;
    }

    private async Task<int> ConnectionCountAsync()
    {
        var answer = await RawHttp.SendAsync(Server.Address, "GET", "/metrics", [], body: null);
        var line = Encoding.UTF8.GetString(answer.Body).Split('\n')
            .First(static line => line.StartsWith("wikibus_streaming_connections ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private TimeSpan ProcessorTime()
    {
        using var process = Process.GetProcessById(Server.Id);
        return process.TotalProcessorTime;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
