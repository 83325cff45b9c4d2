using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WikiBus.Events.Deki;
using WikiBus.Events.MediaWiki;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>A wiki like MindTouch Deki that publishes with <c>WikiBus.Producer</c> to the bus itself.</summary>
public sealed class DekiPublisherTests
{
    private static readonly DekiUser s_alice = new() { Id = 7, Name = "Alice" };

    [Fact]
    public async Task Events_OfAWiki_AreStoredAsTheyWereBuilt()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await KeyApi.CreateAsync(
            server, """{"id":"wiki","roles":["publish"],"wikis":["default"],"streams":["deki.*"]}""");
        IReadOnlyList<DekiEvent> events;
        using (var wiki = await StartAsync(server, key))
        {
            await using (var scope = wiki.Services.CreateAsyncScope())
            {
                var publisher = scope.ServiceProvider.GetRequiredService<IDekiEventPublisher>();
                events =
                [
                    .. publisher.Events.PageCreated(new DekiPage { Id = 5, Title = "A", Revision = 1 }, s_alice),
                    .. publisher.Events.UserUpdated(s_alice),
                ];
                publisher.Publish(events);
                await publisher.FlushAsync(TestTime.Token());
            }

            await StoredRecords.WaitAsync(server, events.Count + 2);
            await wiki.StopAsync(TestTime.Token());
        }

        var stored = StoredRecords.Read(server);
        stored.Select(static record => record.Stream).ShouldBe(
            ["deki.site.start", "deki.site.started", "deki.pages.create", "deki.users.update", "deki.site.stop"]);
        stored[2..^1].Select(static record => record.Payload).ShouldBe(events.Select(static one => one.Document));
        stored[2..^1].Select(static record => record.Channel).ShouldBe(events.Select(static one => one.Channel));
        stored[2..^1].Select(static record => record.Attributes["resource"])
            .ShouldBe(events.Select(static one => one.Resource));
        stored.ShouldAllBe(static record => record.Attributes["publisher"] == "wiki");
        stored.ShouldAllBe(static record => record.Attributes["wiki"] == "default");
    }

    private static async Task<IHost> StartAsync(RunningServer server, string key)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddWikiBusProducer(options =>
        {
            options.EnabledKinds = EventKinds.None;
            options.Deki.PublishUri = new Uri(server.Address, "/pubsub/publish");
            options.Deki.ApiUri = new Uri("http://wiki.example.org/@api/deki");
            options.Deki.ApiKey = key;
        });
        builder.Services.AddWikiBusDeki();
        var host = builder.Build();
        await host.StartAsync(TestTime.Token());
        return host;
    }
}
