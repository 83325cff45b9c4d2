using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Tests.Deki;

/// <summary>A server on a free port of this machine.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LocalServer(WebApplication application) => _application = application;

    public Uri Uri => new(_application.Urls.Single());

    public IServiceProvider Services => _application.Services;

    public HttpClient Client { get; } = new() { Timeout = TestTime.Limit };

    public static async Task<LocalServer> StartAsync(
        Action<WebApplication> map, Action<IServiceCollection>? register = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        register?.Invoke(builder.Services);
        var application = builder.Build();
        map(application);
        await application.StartAsync(TestTime.Token());
        return new LocalServer(application);
    }

    public Task StopAsync() => _application.StopAsync(TestTime.Token());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}
