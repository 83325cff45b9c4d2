using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Deki;

/// <summary>Starts a wiki that publishes Deki's events to a stub.</summary>
internal static class DekiWikiHost
{
    public static readonly DateTimeOffset Now = new(2011, 3, 4, 5, 6, 7, 891, TimeSpan.Zero);

    public static Task<LocalServer> StartAsync(
        DreamStub stub,
        Action<WebApplication>? map = null,
        Action<ProducerOptions>? configure = null,
        Action<IServiceCollection>? register = null) => LocalServer.StartAsync(
            map ?? (_ => { }),
            services =>
            {
                services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
                services.AddWikiBusProducer(options =>
                {
                    options.EnabledKinds = EventKinds.None;
                    options.Deki.PublishUri = stub.PublishUri;
                    options.Deki.ApiUri = new Uri("http://wiki.example.org/@api/deki");
                    configure?.Invoke(options);
                });
                services.AddWikiBusDeki();
                register?.Invoke(services);
            });

    /// <summary>Reads the two events of the start.</summary>
    public static async Task PassStartAsync(DreamStub stub)
    {
        (await stub.NextAsync()).Body.ShouldContain("/deki/site/start<");
        (await stub.NextAsync()).Body.ShouldContain("/deki/site/started<");
    }
}
