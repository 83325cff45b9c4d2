using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Tests;

/// <summary>A service that takes events on 127.0.0.1, and answers as a test wants it.</summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ReceivedPost> _received = Channel.CreateUnbounded<ReceivedPost>();
    private int _count;

    private StubService(Func<HttpContext, Task>? answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(async context =>
        {
            Interlocked.Increment(ref _count);
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            var headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var post = new ReceivedPost(
                context.Request.Method, context.Request.Path + context.Request.QueryString, headers, body);
            context.Items[nameof(ReceivedPost)] = post;
            await _received.Writer.WriteAsync(post);
            context.Response.StatusCode = 201;
            await (answer?.Invoke(context) ?? Task.CompletedTask);
        });
    }

    public string Url => _app.Urls.Single() + "/v1/events";

    /// <summary>How many requests came.</summary>
    public int Count => Volatile.Read(ref _count);

    public static async Task<StubService> StartAsync(Func<HttpContext, Task>? answer = null)
    {
        var stub = new StubService(answer);
        await stub._app.StartAsync(TestTime.Token());
        return stub;
    }

    /// <summary>A service that answers each request with a status and a body.</summary>
    public static Task<StubService> StartAsync(int status, string body = "") => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return status is 204 ? Task.CompletedTask : context.Response.WriteAsync(body);
    });

    /// <summary>A service that never answers.</summary>
    public static Task<StubService> StartHangingAsync() => StartAsync(context =>
        new TaskCompletionSource().Task.WaitAsync(context.RequestAborted));

    /// <summary>The next request, in the order in which they came.</summary>
    public Task<ReceivedPost> NextAsync() => _received.Reader.ReadAsync(TestTime.Token()).AsTask();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A request that a stub got.</summary>
internal sealed record ReceivedPost(string Method, string Target, Dictionary<string, string> Headers, string Body);
