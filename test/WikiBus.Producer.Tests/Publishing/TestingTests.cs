using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;

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

    [Fact]
    public async Task Job_AsDeepAsPhpAllows_IsKept()
    {
        await using var producer = await TestProducer.StartAsync(
            "http://127.0.0.1:9/",
            options => options.SecretKeys.Add("key"),
            services => services.AddWikiBusProducerTesting());
        await using var scope = producer.Services.CreateAsyncScope();
        var parameters = $$"""{"a":{{new string('[', 509)}}{{new string(']', 509)}}}""";

        await scope.ServiceProvider.GetRequiredService<IJobQueue>().PushAsync(
            new WikiJob
            {
                Type = "a", Parameters = JsonElement.Parse(parameters, new JsonDocumentOptions { MaxDepth = 510 }),
            },
            TestTime.Token());

        producer.Services.GetRequiredService<PublishedEvents>().Current.ShouldHaveSingleItem()
            .Text.ShouldContain($"\"params\":{parameters}");
    }
}
