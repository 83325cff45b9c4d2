using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>Connections without a request, up to the limits and beyond them.</summary>
public sealed class ConnectionLimitTests
{
    private const string Get = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static readonly IPAddress s_stranger = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress s_otherStranger = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task AddressAtItsLimit_IsRefusedBeforeItsFirstRequest()
    {
        await using var server = await StartAsync("3");
        var idle = new List<RawHttp>();
        for (var number = 0; number < 3; number++)
        {
            idle.Add(await RawHttp.ConnectAsync(server.Address, s_stranger));
        }

        (await StatusAsync(server.Address, s_stranger)).ShouldBeNull();

        // Others have their own limit, or none.
        (await StatusAsync(server.Address, s_otherStranger)).ShouldBe(404);
        (await StatusAsync(server.Address, IPAddress.Loopback)).ShouldBe(404);
        (await server.Client.GetStringAsync("/metrics", TestTime.Token()))
            .ShouldContain("\nwikibus_connections_refused_total{reason=\"address\"} 1\n");
        server.Errors.Lines.Where(static line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldContain(
            static line => line.Contains("Connections of 127.0.0.2 are refused: it has 3", StringComparison.Ordinal));

        idle.ForEach(static http => http.Dispose());
        await ServedAsync(server, s_stranger);
    }

    // A connection that ends gives its place back, however it ends; if one were lost, the last would be refused.
    [Fact]
    public async Task ConnectionThatEnds_GivesItsPlaceBack()
    {
        await using var server = await StartAsync("1");
        var last = Get.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        string[] requests = [Get, "nonsense\r\n\r\n", last, "GET"];
        foreach (var (number, request) in requests.Index())
        {
            var from = IPAddress.Parse($"127.0.1.{number}");
            using (var http = await RawHttp.ConnectAsync(server.Address, from))
            {
                await http.WriteAsync(Encoding.ASCII.GetBytes(request));
                http.EndSending();
                await http.ReadToEndAsync();
            }

            await ServedAsync(server, from);
        }
    }

    [Fact]
    public async Task StrangersTogether_ReachTheLimitOfAll()
    {
        await using var server = await RunningServer.StartAsync(
            ("Access:TrustedNetworks:0", "127.0.0.1/32"), ("Hosting:ConnectionsMax", "10"),
            ("Streaming:ConnectionsMax", "9"));
        var idle = new List<RawHttp>();
        for (var number = 0; number < 10; number++)
        {
            idle.Add(await RawHttp.ConnectAsync(server.Address, IPAddress.Parse($"127.0.1.{number}")));
        }

        (await StatusAsync(server.Address, IPAddress.Loopback)).ShouldBeNull();

        idle.ForEach(static http => http.Dispose());
        await ServedAsync(server, IPAddress.Loopback);
        (await server.Client.GetStringAsync("/metrics", TestTime.Token()))
            .ShouldContain("wikibus_connections_refused_total{reason=\"limit\"}");
    }

    [Fact]
    public async Task ConnectionsWithoutARequest_LeaveDescriptorsForTheLog()
    {
        using var directory = new TestDirectory();
        await using var server = await ServerProcess.StartWithFilesAsync(600, directory.Combine("data"));
        var idle = new List<RawHttp>();
        for (var number = 0; number < 162; number++)
        {
            idle.Add(await RawHttp.ConnectAsync(server.Address));
        }

        for (var number = 0; number < 600; number++)
        {
            (await StatusAsync(server.Address, IPAddress.Loopback)).ShouldBeNull();
        }

        // The first connections are served, as long as they stay: each first use of a part of the program opens files.
        var post = $"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {IntakePost.Event.Length}\r\n\r\n{IntakePost.Event}";
        await idle[0].WriteAsync(Encoding.UTF8.GetBytes(post));
        (await idle[0].ReadResponseAsync()).Status.ShouldBe(201);
        await idle[1].WriteAsync("GET /v2/stream/test.event?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        (await idle[1].ReadResponseAsync()).Status.ShouldBe(200);
        await idle[2].WriteAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        var metrics = Encoding.UTF8.GetString((await idle[2].ReadResponseAsync()).Body);
        metrics.ShouldContain("wikibus_connections_refused_total{reason=\"limit\"} 600\n");
        server.Error.ShouldContain(
            "At most 162 connections are taken, not 21000 (Hosting:ConnectionsMax), and 40 of one address: the system "
            + "lets this process open 600 files. Raise that by LimitNOFILE (systemd) or 'ulimit -n'");

        idle.ForEach(static http => http.Dispose());
        (await server.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task TooFewOpenFiles_AreRefusedAtTheStart()
    {
        using var directory = new TestDirectory();
        using var process = Process.Start(WikiBusBinary.StartInfoWithFiles(
            500, ["serve", "--data", directory.Combine("data"), "--listen", "http://127.0.0.1:0"]))!;
        var error = await process.StandardError.ReadToEndAsync().WaitAsync(TestTime.Limit);
        await process.WaitForExitAsync().WaitAsync(TestTime.Limit);

        process.ExitCode.ShouldBe(1);
        error.ShouldContain("Too few open files are allowed: 500, but at least 512 are needed");
    }

    private static Task<RunningServer> StartAsync(string perAddress) => RunningServer.StartAsync(
        ("Access:TrustedNetworks:0", "127.0.0.1/32"), ("Hosting:ConnectionsPerAddressMax", perAddress));

    /// <summary>The status of an answer on a connection of its own; null if the connection is refused.</summary>
    private static async Task<int?> StatusAsync(Uri server, IPAddress from)
    {
        try
        {
            using var http = await RawHttp.ConnectAsync(server, from);
            await http.WriteAsync(Encoding.ASCII.GetBytes(Get));
            return (await http.TryReadResponseAsync())?.Status;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return null;
        }
    }

    // The server notices the end of a connection a moment later.
    private static async Task ServedAsync(RunningServer server, IPAddress from)
    {
        var limit = TestTime.Token();
        while (await StatusAsync(server.Address, from) != 404)
        {
            limit.ThrowIfCancellationRequested();
        }
    }
}
