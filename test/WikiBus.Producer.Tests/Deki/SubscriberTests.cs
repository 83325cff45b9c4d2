using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WikiBus.Producer.Tests.Outbox;

namespace WikiBus.Producer.Tests.Deki;

/// <summary>A subscription whose service is away, or answers nonsense, must not end the wiki.</summary>
public sealed class SubscriberTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromHours(1);

    private readonly TestClock _clock = new();

    [Fact]
    public async Task ServiceThatIsAwayForHours_IsTriedOnceAMinute()
    {
        await using var service = await StartServiceAsync(static context => context.Response.StatusCode = 503);
        using var wiki = await StartWikiAsync(service);

        await _clock.UntilAsync(() => Delays().Count >= 50 || HasStopped(wiki), TimeSpan.FromSeconds(30));

        HasStopped(wiki).ShouldBeFalse();
        Delays().Take(8).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60]);
        Delays().Max().ShouldBe(60);
        await wiki.StopAsync(TestTime.Token());
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1/set")]
    [InlineData("nonsense://x")]
    [InlineData("/pubsub/subscribers/1")]
    public async Task SetAtAUriThatIsNotOfHttp_IsNotAskedFor(string location)
    {
        await using var service = await StartServiceAsync(context =>
        {
            context.Response.StatusCode = 409;
            context.Response.Headers.ContentLocation = location;
        });
        using var wiki = await StartWikiAsync(service);

        await _clock.UntilAsync(() => Delays().Count >= 2 || HasStopped(wiki));

        HasStopped(wiki).ShouldBeFalse();
        await wiki.StopAsync(TestTime.Token());
    }

    private static Task<LocalServer> StartServiceAsync(Action<HttpContext> answer) => LocalServer.StartAsync(
        application => application.Map("/{**path}", context =>
        {
            answer(context);
            return Task.CompletedTask;
        }));

    private static bool HasStopped(IHost wiki) =>
        wiki.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    private async Task<IHost> StartWikiAsync(LocalServer service)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(_clock).AddDekiSubscription(options =>
        {
            options.SubscribersUri = new Uri(service.Uri, "/pubsub/subscribers");
            options.OwnerUri = new Uri("http://wiki/");
            options.RecipientUri = new Uri("http://wiki/events");
            options.Channels.Add("event://*/deki/pages/*");
            options.AccessKey = "access-key";
            options.Timeout = s_timeout;
        });
        var wiki = builder.Build();
        await wiki.StartAsync(TestTime.Token());
        return wiki;
    }

    // The time limits of requests are no delays.
    private List<double> Delays() =>
        [.. _clock.Delays.Where(static delay => delay < s_timeout).Select(static delay => delay.TotalSeconds)];
}
