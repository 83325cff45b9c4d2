using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>Unusual ways to use a connection, most of them allowed by HTTP.</summary>
public sealed class ConnectionTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Post = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private RunningServer Server => fixture.Server;

    // The end may come before or after the server reads the request, by chance. So the test sends many.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatEndsItsSending_GetsTheAnswer(bool isChunked)
    {
        var length = IntakePost.Event.Length;
        var request = isChunked
            ? $"{Post}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{IntakePost.Event}\r\n0\r\n\r\n"
            : $"{Post}Content-Length: {length}\r\n\r\n{IntakePost.Event}";
        for (var number = 0; number < 100; number++)
        {
            using var http = await RawHttp.ConnectAsync(Server.Address);
            await http.WriteAsync(Encoding.UTF8.GetBytes(request));
            http.EndSending();

            (await http.ReadResponseAsync()).Status.ShouldBe(201);
            (await http.ReadToEndAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task RequestsSentWithoutWaiting_AreAnsweredInTheirOrder()
    {
        await using var server = await RunningServer.StartAsync();
        using var http = await RawHttp.ConnectAsync(server.Address);
        var post = $"{Post}Content-Length: {IntakePost.Event.Length}\r\n\r\n{IntakePost.Event}";
        var large = new string(' ', 64 * 1024) + IntakePost.Event;
        string[] round =
        [
            post, post, "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", post,
            $"{Post}Content-Length: {large.Length}\r\n\r\n{large}", $"{Post}Content-Length: 0\r\n\r\n",
        ];
        var sending = http.WriteAsync(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(string.Concat(round), 100))));
        for (var number = 0; number < 100; number++)
        {
            foreach (var status in (int[])[201, 201, 404, 201, 201, 400])
            {
                (await http.ReadResponseAsync()).Status.ShouldBe(status);
            }
        }

        await sending;
        StoredRecords.Read(server).Count.ShouldBe(400);
    }

    // A client's fault is not an Error; disposing the server checks that.
    [Theory]
    [InlineData("/v1/events", "no colon\r\n")]
    [InlineData("/v1/events", ": x\r\n")]
    [InlineData("/v1/events", "X: a\0\r\n")]
    [InlineData("/nothing", "X: a\0\r\n")]
    public async Task TrailerThatIsNone_IsNoErrorOfTheServer(string path, string trailer)
    {
        await using var server = await RunningServer.StartAsync();
        using var http = await RawHttp.ConnectAsync(server.Address);
        var head = Post.Replace("/v1/events", path, StringComparison.Ordinal);
        await http.WriteAsync(Encoding.UTF8.GetBytes(
            $"{head}Transfer-Encoding: chunked\r\n\r\n{IntakePost.Event.Length:x}\r\n{IntakePost.Event}\r\n0\r\n"
            + $"{trailer}\r\n"));

        (await http.ReadResponseAsync()).Status.ShouldBeOneOf(201, 400, 404);
        await http.ReadToEndAsync();
    }

    [Fact]
    public async Task ClientThatEndsItsSending_GetsAnAnswerThatTakesItsTime()
    {
        var disk = new TroubledDisk();
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<WikiBus.Storage.IFileSystem>(disk), ("Intake:Deadline", "2 s"));
        disk.HoldFlushes();
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.UTF8.GetBytes(
            $"{Post}Content-Length: {IntakePost.Event.Length}\r\n\r\n{IntakePost.Event}"));
        http.EndSending();

        try
        {
            (await http.ReadResponseAsync()).Status.ShouldBe(503);
        }
        finally
        {
            disk.ReleaseFlushes();
        }
    }

    [Fact]
    public async Task ClientThatEndsItsSendingInABody_HasSentNothing()
    {
        await using var server = await RunningServer.StartAsync();
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.UTF8.GetBytes($"{Post}Content-Length: 100\r\n\r\n{IntakePost.Event}"));
        http.EndSending();

        (await http.ReadToEndAsync()).ShouldBeEmpty();

        StoredRecords.Read(server).ShouldBeEmpty();
        await server.StopAsync();
        server.Errors.Lines.Where(static line => !line.StartsWith("Information", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("was refused with 400: Unexpected end of request content.");
    }

    [Fact]
    public async Task ClientsThatResetWithinABody_AreNoErrors()
    {
        await using var server = await RunningServer.StartAsync();
        for (var count = 0; count < 20; count++)
        {
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            await client.ConnectAsync(server.Address.Host, server.Address.Port, TestTime.Token());
            await client.SendAsync(Encoding.UTF8.GetBytes($"{Post}Content-Length: 100000\r\n\r\n["), TestTime.Token());
            using var other = await RawHttp.ConnectAsync(server.Address);
            await other.WriteAsync(Encoding.UTF8.GetBytes(
                $"{Post}Content-Length: {IntakePost.Event.Length}\r\n\r\n{IntakePost.Event}"));
            (await other.ReadResponseAsync()).Status.ShouldBe(201);
        }

        await server.StopAsync();
        server.Errors.UnexpectedErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReaderThatEndsItsSending_GetsWhatThereIs()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2);
        await using var reader = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0");
        reader.EndSending();

        for (var number = 0; number < 3; number++)
        {
            (await reader.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(number);
        }

        await reader.ReadToEndAsync();
    }

    [Fact]
    public async Task ReaderThatEndsItsSending_HasGone()
    {
        await using var server = await RunningServer.StartAsync(("Streaming:HeartbeatInterval", "5 min"));
        await using var reader = await RawStream.OpenAsync(server.Address, "/v2/stream/test.event");
        await reader.ReadBlockAsync();

        reader.EndSending();

        await reader.ReadToEndAsync();
        await MetricAsync(server, "wikibus_streaming_connections 0");
    }

    [Fact]
    public async Task HeaderThatIsNoUtf8_IsReadWithReplacements()
    {
        using var http = await RawHttp.ConnectAsync(Server.Address);
        await http.WriteAsync(Encoding.Latin1.GetBytes(
            $"{Post}X-Request-Id: na\u00efve\r\nContent-Length: {IntakePost.Event.Length}\r\n\r\n{IntakePost.Event}"));

        (await http.ReadResponseAsync()).Status.ShouldBe(201);

        var requestIds = StoredRecords.Read(Server).Select(static record =>
            JsonDocument.Parse(record.Payload).RootElement.GetProperty("meta").TryGetProperty("request_id", out var id)
                ? id.GetString()
                : null);
        requestIds.ShouldContain("na\ufffdve");
    }

    [Theory]
    [InlineData("X-A: \0")]
    [InlineData("X A: b")]
    [InlineData("X\u00e9: b")]
    public async Task HeaderThatIsNone_IsAnswered400WithoutABody(string header)
    {
        using var http = await RawHttp.ConnectAsync(Server.Address);
        await http.WriteAsync(Encoding.Latin1.GetBytes($"{Post}{header}\r\nContent-Length: 0\r\n\r\n"));

        var answer = await http.ReadResponseAsync();

        answer.Status.ShouldBe(400);
        answer.Body.ShouldBeEmpty();
        (await http.ReadToEndAsync()).ShouldBeEmpty();
    }

    // The server notices it a moment later.
    private static async Task MetricAsync(RunningServer server, string line)
    {
        var limit = TestTime.Token();
        string text;
        do
        {
            text = await server.Client.GetStringAsync("/metrics", limit);
        }
        while (!text.Contains($"\n{line}\n", StringComparison.Ordinal));
    }
}
