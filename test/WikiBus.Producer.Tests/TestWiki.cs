using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Tests;

/// <summary>A wiki on 127.0.0.1 with the producer.</summary>
internal sealed class TestWiki : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestWiki(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TestTime.Limit };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="url">The service that gets the events.</param>
    /// <param name="page">What a request to the wiki does.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="services">Adds services.</param>
    public static async Task<TestWiki> StartAsync(
        string url,
        Func<HttpContext, Task> page,
        Action<ProducerOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWikiBusProducer(options =>
        {
            TestProducer.Configure(options, url);
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseWikiBusProducer();
        app.Run(context => page(context));
        await app.StartAsync(TestTime.Token());
        return new TestWiki(app);
    }

    /// <summary>Publishes a purge of a page, as an action of the wiki would.</summary>
    public static void PublishPurge(HttpContext context, string page = "Page")
    {
        var publisher = context.RequestServices.GetRequiredService<IWikiEventPublisher>();
        publisher.Publish(publisher.Events.PagePurge(publisher.NewContext(), new() { Id = 1, Title = page }));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
