using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Publishing;

public sealed class PublisherTests
{
    [Fact]
    public async Task Events_OfAScope_AreQueuedAtTheFlush()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url);
        await using var scope = producer.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();

        publisher.Publish(TestProducer.Event(text: "1"), TestProducer.Event(text: "2"));
        await publisher.FlushAsync(TestTime.Token());
        await publisher.FlushAsync(TestTime.Token());

        (await service.NextAsync()).Body.ShouldBe("[1,2]");
    }

    [Fact]
    public async Task Flush_ThatWaits_GivesTheVerdicts()
    {
        await using var service = await StubService.StartAsync(400);
        await using var producer = await TestProducer.StartAsync(service.Url);
        await using var scope = producer.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();

        var empty = await publisher.FlushAsync(waitForAnswer: true, TestTime.Token());
        empty.IsSuccess.ShouldBeTrue("nothing was published");
        service.Count.ShouldBe(0);

        publisher.Publish(TestProducer.Event(text: "1"));
        var result = await publisher.FlushAsync(waitForAnswer: true, TestTime.Token());
        result.Posts.ShouldHaveSingleItem().ShouldBe(new PostResult("eventbus", 400, 0, 1, "400: Bad Request"));
        (await publisher.FlushAsync(waitForAnswer: true, TestTime.Token())).Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_ThatAreNeverFlushed_AreLoggedOnce()
    {
        var logs = new TestLogs();
        await using var producer = await TestProducer.StartAsync("http://127.0.0.1:9/", services: logs.Register);
        await using (var scope = producer.Services.CreateAsyncScope())
        {
            var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();
            publisher.Publish(TestProducer.Event(), TestProducer.Event());
            publisher.Publish(TestProducer.Event());
        }

        var (level, text) = logs.Lines.ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Warning);
        text.ShouldStartWith("3 events were published and never flushed");
    }

    [Fact]
    public async Task Publish_AfterTheEndOfTheScope_IsRefused()
    {
        await using var producer = await TestProducer.StartAsync("http://127.0.0.1:9/");
        IWikiEventPublisher publisher;
        await using (var scope = producer.Services.CreateAsyncScope())
        {
            publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();
        }

        Should.Throw<ObjectDisposedException>(() => publisher.Publish(TestProducer.Event()));
    }

    [Fact]
    public async Task Events_ThatDoNotFitIntoTheQueue_AreDroppedAndCounted()
    {
        await using var service = await StubService.StartAsync();
        using var metrics = new TestMetrics();
        await using var producer = await TestProducer.StartAsync(
            service.Url, options => options.QueueBytesMax = 5, metrics.Register);
        await using var scope = producer.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();

        publisher.Publish(TestProducer.Event(), TestProducer.Event(), TestProducer.Event());
        await publisher.FlushAsync(TestTime.Token());

        (await service.NextAsync()).Body.ShouldBe("[{},{}]");
        metrics.Sum("wikibus.producer.dropped", "reason", "queue_full").ShouldBe(1);
    }

    [Fact]
    public async Task NewContext_HasTheTimeThatIsGiven()
    {
        await using var producer = await TestProducer.StartAsync("http://127.0.0.1:9/");
        await using var scope = producer.Services.CreateAsyncScope();
        await using var other = producer.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        var first = publisher.NewContext(time);
        var second = publisher.NewContext();

        first.Time.ShouldBe(time);
        second.Time.ShouldBeGreaterThan(time);
        second.RequestId.ShouldBe(first.RequestId);
        second.Id.ShouldNotBe(first.Id);
        other.ServiceProvider.GetRequiredService<IWikiEventPublisher>().NewContext().RequestId
            .ShouldNotBe(first.RequestId);
    }

    [Fact]
    public async Task Purge_OfUrls_IsOneListWithoutRepeats()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(
            service.Url, options => options.PurgeStream = "resource-purge");
        await using var scope = producer.Services.CreateAsyncScope();
        var purger = scope.ServiceProvider.GetRequiredService<ICdnPurger>();

        var result = await purger.PurgeAsync(
            ["https://a.example/x?y", "https://a.example/x?y", "//b.example/"], TestTime.Token());

        result.AcceptedCount.ShouldBe(2);
        using var events = System.Text.Json.JsonDocument.Parse((await service.NextAsync()).Body);
        events.RootElement.GetArrayLength().ShouldBe(2);
        var item = events.RootElement[0];
        item.GetProperty("$schema").GetString().ShouldBe("/resource_change/1.0.0");
        item.GetProperty("meta").GetProperty("uri").GetString().ShouldBe("https://a.example/x?y");
        item.GetProperty("meta").GetProperty("stream").GetString().ShouldBe("resource-purge");
        item.GetProperty("tags").GetRawText().ShouldBe("[\"mediawiki\"]");
        events.RootElement[1].GetProperty("meta").GetProperty("uri").GetString().ShouldBe("//b.example/");
    }

    [Theory]
    [InlineData(null, EventKinds.All)]
    [InlineData("resource-purge", EventKinds.Event)]
    public async Task Purge_ThatIsNotEnabled_SendsNothing(string? stream, EventKinds enabled)
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url, options =>
        {
            options.PurgeStream = stream;
            options.EnabledKinds = enabled;
        });
        await using var scope = producer.Services.CreateAsyncScope();

        var result = await scope.ServiceProvider.GetRequiredService<ICdnPurger>()
            .PurgeAsync(["https://a.example/"], TestTime.Token());

        result.NotSentCount.ShouldBe(1);
        service.Count.ShouldBe(0);
    }
}
