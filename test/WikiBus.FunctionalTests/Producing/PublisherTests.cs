using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>A wiki that publishes with <c>WikiBus.Producer</c> to the bus itself.</summary>
public sealed class PublisherTests
{
    private static readonly WikiUser s_alice = new() { Id = 7, Name = "Alice" };

    [Fact]
    public async Task Events_OfAWiki_AreStored()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await KeyApi.CreateAsync(server, """{"id":"wiki","roles":["publish"]}""");
        await using var wiki = Wiki(server, key);
        await using var scope = wiki.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();

        MediaWikiEvent[] events =
        [
            publisher.Events.PagePurge(publisher.NewContext(), new WikiPage { Id = 1, Title = "Main Page" }),
            publisher.Events.UserChangeCreate(publisher.NewContext(), s_alice, performer: null),
            .. Enumerable.Range(1, 20).Select(i => publisher.Events.NullEdit(
                publisher.NewContext(), new WikiPage { Id = i, Title = $"Page {i}" })),
        ];
        publisher.Publish(events);
        var result = await publisher.FlushAsync(waitForAnswer: true, TestTime.Token());

        result.Errors.ShouldBeEmpty();
        result.AcceptedCount.ShouldBe(22);
        result.Posts.Count.ShouldBeGreaterThan(1, "the limit of a request is 2,000 bytes");
        StoredRecords.Read(server).Count.ShouldBe(22);
    }

    [Fact]
    public async Task Event_ThatTheBusRefuses_IsCounted()
    {
        await using var server = await RunningServer.StartAsync();
        await using var wiki = Wiki(server, key: null);
        await using var scope = wiki.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();

        publisher.Publish(
            publisher.Events.NullEdit(publisher.NewContext(), new WikiPage { Id = 1, Title = "A" }),
            new MediaWikiEvent("resource_change", EventKinds.Event, Guid.NewGuid(), Encoding.UTF8.GetBytes(
                """{"$schema":"/resource_change/1.0.0","meta":{"stream":"resource_change"},"tags":5}""")));
        var result = await publisher.FlushAsync(waitForAnswer: true, TestTime.Token());

        result.AcceptedCount.ShouldBe(1);
        result.FailedCount.ShouldBe(1);
        result.Errors.ShouldHaveSingleItem().ShouldStartWith(
            "Unable to deliver all events: 207: 1 out of 2 events were accepted");
    }

    private static ServiceProvider Wiki(RunningServer server, string? key) => new ServiceCollection()
        .AddWikiBusProducer(options =>
        {
            options.Wiki.Database = "testwiki";
            options.Wiki.ServerName = "wiki.example.org";
            options.Wiki.CanonicalServer = "https://wiki.example.org";
            options.BatchBytesMax = 2000;
            options.Services["eventbus"] = new EventServiceOptions
            {
                Url = new Uri(server.Address, "/v1/events").AbsoluteUri, ApiKey = key,
            };
        })
        .BuildServiceProvider();
}
