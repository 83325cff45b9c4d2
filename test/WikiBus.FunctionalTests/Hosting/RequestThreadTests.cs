using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>What may take long is done in the thread pool, even if it looks like a brief request.</summary>
public sealed class RequestThreadTests
{
    private const string Start = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    // A body that is not brief, but its last packet begins as if it were.
    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task BodyThatLooksLikeABriefRequest_IsReadInThePool(string encoding)
    {
        const string Body = "POST /v1/events";
        var recorder = new EndThread();
        await using var server = await StartAsync(recorder);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, TestTime.Token());
        var connection = client.GetStream();
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"{Start}Content-Encoding: {encoding}\r\nExpect: 100-continue\r\nContent-Length: {Body.Length}\r\n\r\n"),
            TestTime.Token());

        // Now the server waits for the body.
        await connection.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length], TestTime.Token());
        await connection.WriteAsync(Encoding.ASCII.GetBytes(Body), TestTime.Token());

        (await recorder.IsOfPool.WaitAsync(TestTime.Limit)).ShouldBeTrue();
    }

    // The rest of such a body may be long, and is read behind the answer.
    [Fact]
    public async Task CompressedBody_IsNotAnsweredByTheWriter()
    {
        using var body = new MemoryStream();
        await using (var zlib = new ZLibStream(body, CompressionMode.Compress, leaveOpen: true))
        {
            await zlib.WriteAsync(Encoding.UTF8.GetBytes(IntakePost.Event), TestTime.Token());
        }

        var recorder = new EndThread();
        await using var server = await StartAsync(recorder);
        var response = await IntakePost.SendAsync(server, body.ToArray(), ("Content-Encoding", "deflate"));

        response.Status.ShouldBe(201);
        (await recorder.IsOfPool.WaitAsync(TestTime.Limit)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/v1/events/../keys")]
    [InlineData("/v1/events-of-others")]
    public async Task OtherTargetThatBeginsLikeIntakes_IsWorkedOnInThePool(string target)
    {
        var recorder = new EndThread();
        await using var server = await StartAsync(recorder);
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));

        (await http.ReadResponseAsync()).Status.ShouldBeGreaterThanOrEqualTo(400);
        (await recorder.IsOfPool.WaitAsync(TestTime.Limit)).ShouldBeTrue();
    }

    private static Task<RunningServer> StartAsync(EndThread recorder) =>
        RunningServer.StartAsync(services => services.AddSingleton<IStartupFilter>(recorder));

    /// <summary>Sees in which thread the first request ends.</summary>
    private sealed class EndThread : IStartupFilter
    {
        private readonly TaskCompletionSource<bool> _isOfPool = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> IsOfPool => _isOfPool.Task;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.Use(async (context, rest) =>
            {
                await rest(context);
                _isOfPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread);
            });
            next(application);
        };
    }
}
