using System.IO.Compression;
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
    // The rest of a compressed body may be long, and is read behind the answer.
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

    [Fact]
    public async Task OtherTargetThatBeginsLikeIntakes_IsWorkedOnInThePool()
    {
        var recorder = new EndThread();
        await using var server = await StartAsync(recorder);
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /v1/events/../keys HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));

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
