using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Tests;

/// <summary>A host with the producer, and events for it.</summary>
internal sealed class TestProducer(IHost host) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public EventSender Sender => Services.GetRequiredService<EventSender>();

    public PostQueue Queue => Services.GetRequiredService<PostQueue>();

    /// <summary>Settings that are valid, and send all events to one service.</summary>
    public static void Configure(ProducerOptions options, string url)
    {
        options.Wiki = new WikiOptions
        {
            Database = "testwiki", ServerName = "wiki.example.org", CanonicalServer = "https://wiki.example.org",
        };
        options.Services["eventbus"] = new EventServiceOptions { Url = url };
    }

    public static async Task<TestProducer> StartAsync(
        string url,
        Action<ProducerOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddWikiBusProducer(options =>
        {
            Configure(options, url);
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync(TestTime.Token());
        return new TestProducer(host);
    }

    public static MediaWikiEvent Event(
        string stream = "s", EventKinds kind = EventKinds.Event, string text = "{}") =>
        new(stream, kind, Guid.NewGuid(), System.Text.Encoding.UTF8.GetBytes(text));

    public Task StopAsync(CancellationToken cancellation) => host.StopAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(new CancellationToken(canceled: true));
        host.Dispose();
    }
}
