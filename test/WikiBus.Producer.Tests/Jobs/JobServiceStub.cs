using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Tests.Jobs;

/// <summary>A service that takes events, on a port of its own. It keeps each request's events.</summary>
internal sealed class JobServiceStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private JobServiceStub(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/v1/events";

    /// <summary>The events of each request.</summary>
    public ConcurrentQueue<List<JsonElement>> Requests { get; } = new();

    /// <summary>What a request with these events gets.</summary>
    public Func<List<JsonElement>, CancellationToken, Task<int>> Answer { get; set; } =
        static (_, _) => Task.FromResult(StatusCodes.Status201Created);

    public static async Task<JobServiceStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new JobServiceStub(app);
        app.MapPost("/v1/events", stub.HandleAsync);
        await app.StartAsync(TestTime.Token());
        return stub;
    }

    public static string StreamOf(JsonElement jobEvent) =>
        jobEvent.GetProperty("meta").GetProperty("stream").GetString()!;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(
            context.Request.Body, cancellationToken: TestTime.Token());
        var events = body.EnumerateArray().ToList();
        Requests.Enqueue(events);
        context.Response.StatusCode = await Answer(events, context.RequestAborted);
    }
}
