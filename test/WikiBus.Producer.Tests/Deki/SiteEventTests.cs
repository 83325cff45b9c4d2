using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WikiBus.Events.Deki;

namespace WikiBus.Producer.Tests.Deki;

public sealed class SiteEventTests
{
    [Fact]
    public async Task StartAndStop_AreAnnounced()
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(stub);

        await wiki.StopAsync();

        foreach (var action in new[] { "start", "started", "stop" })
        {
            ShouldAnnounce(await stub.NextAsync(), action);
        }

        stub.Rest().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_IsAnnounced_AfterTheLastRequest(bool isConcurrent)
    {
        await using var stub = await DreamStub.StartAsync();
        var isHandling = new TaskCompletionSource();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub,
            application => application.MapGet("/save", async (HttpContext context, IDekiEventPublisher publisher) =>
            {
                isHandling.SetResult();
                var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
                var stopping = new TaskCompletionSource();
                await using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
                await stopping.Task.WaitAsync(TestTime.Token());
                publisher.Publish(publisher.Events.UserLoggedIn(new DekiUser { Id = 7, Name = "Maria" }));
                await publisher.FlushAsync(TestTime.Token());
            }),
            register: services => services.Configure<HostOptions>(
                options => options.ServicesStopConcurrently = isConcurrent));
        await DekiWikiHost.PassStartAsync(stub);

        var request = wiki.Client.GetAsync(new Uri(wiki.Uri, "/save"), TestTime.Token());
        await isHandling.Task.WaitAsync(TestTime.Token());
        await wiki.StopAsync();
        (await request).EnsureSuccessStatusCode();

        var posts = stub.Rest();
        posts.Count(post => post.Body.Contains("/deki/site/stop<", StringComparison.Ordinal)).ShouldBe(1);
        if (!isConcurrent)
        {
            posts.Count.ShouldBe(2);
            posts[0].Body.ShouldContain("/deki/users/login<");
        }
    }

    private static void ShouldAnnounce(ReceivedPost post, string action)
    {
        post.ContentType.ShouldBe("application/xml; charset=utf-8");
        post.Headers.ShouldBe(
            [
                $"X-Dream-Event-Channel: event://default/deki/site/{action}",
                "X-Dream-Event-Resource-Uri: http://wiki.example.org/@api/deki",
                "X-Dream-Event-Origin-Uri: http://wiki.example.org/@api/deki",
            ],
            ignoreOrder: true);
        post.Body.ShouldBe(
            "<deki-event wikiid=\"default\" event-time=\"2011-03-04T05:06:07Z\">"
            + $"<channel>event://default/deki/site/{action}</channel>"
            + "<uri>http://wiki.example.org/@api/deki</uri></deki-event>");
    }
}
