using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// A server with answers from the test. It replaces a bus in rare situations, and the receivers of what the bus sends.
/// It keeps every request.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Lock _lock = new();
    private readonly List<(string Path, byte[] Body)> _requests = [];
    private readonly SemaphoreSlim _arrivals = new(0);

    private ScriptedServer(WebApplication application) => _application = application;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The requests so far: path and body, in the order of arrival.</summary>
    public IReadOnlyList<(string Path, byte[] Body)> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <param name="answer">Answers a request, given its number from 1.</param>
    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new ScriptedServer(builder.Build());
        server._application.Run(context => server.TakeAsync(context, answer));
        await server._application.StartAsync(TestTime.Token());
        var addresses = server._application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses;
        server.Address = new Uri(addresses.First());
        return server;
    }

    /// <summary>Waits for a request that fulfils the condition.</summary>
    public async Task<(string Path, byte[] Body)> WaitForAsync(Func<(string Path, byte[] Body), bool> condition)
    {
        var limit = TestTime.Token();
        while (true)
        {
            if (Requests.FirstOrDefault(condition) is { Path: not null } found)
            {
                return found;
            }

            await _arrivals.WaitAsync(limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().AsTask().WaitAsync(TestTime.Limit);
        _arrivals.Dispose();
    }

    private async Task TakeAsync(HttpContext context, Func<HttpContext, int, Task> answer)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        int number;
        lock (_lock)
        {
            _requests.Add((context.Request.Path.ToString(), body.ToArray()));
            number = _requests.Count;
        }

        _arrivals.Release();
        await answer(context, number);
    }
}
