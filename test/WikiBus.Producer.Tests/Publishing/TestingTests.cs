using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.Producer.Tests.Publishing;

/// <summary>What the tests of a wiki use.</summary>
public sealed class TestingTests
{
    [Fact]
    public async Task Events_OfAPage_AreKeptInPlaceOfSending()
    {
        await using var service = await StubService.StartAsync();
        await using var wiki = await TestWiki.StartAsync(
            service.Url,
            context =>
            {
                TestWiki.PublishPurge(context);
                TestWiki.PublishPurge(context, "Other");
                return Task.CompletedTask;
            },
            services: services => services.AddWikiBusProducerTesting());
        var published = wiki.Services.GetRequiredService<PublishedEvents>();
        published.Current.ShouldBeEmpty();

        await wiki.Client.GetAsync("/", TestTime.Token());
        var events = await published.WaitAsync(2, TestTime.Token());

        events.Select(item => item.Stream).ShouldBe(["resource_change", "resource_change"]);
        events[1].Service.ShouldBe("eventbus");
        events[1].Text.ShouldContain("https://wiki.example.org/wiki/Other");
        published.Current.ShouldBe(events);
        service.Count.ShouldBe(0);
    }
}
