using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Sending;

public sealed class EventSenderTests
{
    [Fact]
    public async Task Events_OfOneService_GoInOnePostInTheirOrder()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url + "?a=b");

        var result = await producer.Sender.SendAsync(
            [Event("b", "1"), Event("a", "2"), Event("b", "3")], TestTime.Token());

        var post = await service.NextAsync();
        post.Method.ShouldBe("POST");
        post.Target.ShouldBe("/v1/events?a=b");
        post.Body.ShouldBe("[1,2,3]");
        post.Headers["Content-Type"].ShouldBe("application/json");
        post.Headers["User-Agent"].ShouldStartWith("WikiBus.Producer/");
        post.Headers.ShouldNotContainKey("Authorization");
        post.Headers.ShouldNotContainKey("X-Client-IP");
        result.AcceptedCount.ShouldBe(3);
        result.IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Events_OfSeveralServices_GoToEachInTheirOrder()
    {
        await using var first = await StubService.StartAsync();
        await using var second = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(first.Url, options =>
        {
            options.Services["other"] = new EventServiceOptions { Url = second.Url };
            options.Streams = new Dictionary<string, StreamOptions>
            {
                ["a"] = new(), ["b"] = new() { Service = "other" }, ["c"] = new() { Service = "eventbus" },
            };
        });

        var result = await producer.Sender.SendAsync(
            [Event("a", "1"), Event("b", "2"), Event("c", "3"), Event("b", "4")], TestTime.Token());

        (await first.NextAsync()).Body.ShouldBe("[1,3]");
        (await second.NextAsync()).Body.ShouldBe("[2,4]");
        result.Posts.Select(post => post.Service).ShouldBe(["eventbus", "other"]);
    }

    [Fact]
    public async Task Events_OverTheLimitOfBytes_GoInSeveralPosts()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url, options => options.BatchBytesMax = 300);
        var text = $"\"{new string('a', 158)}\"";

        var result = await producer.Sender.SendAsync(
            [Event("s", text), Event("s", text), Event("s", text)], TestTime.Token());

        result.Posts.Count.ShouldBe(3);
        result.IsSuccess.ShouldBeTrue();
        service.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Service_WithKeyAndHeaders_GetsThem()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url, options =>
        {
            options.Services["eventbus"].ApiKey = "secret";
            options.Services["eventbus"].Headers["X-Wiki"] = "one";
        });

        await producer.Sender.SendAsync([Event("s", "1")], TestTime.Token());

        var post = await service.NextAsync();
        post.Headers["Authorization"].ShouldBe("Bearer secret");
        post.Headers["X-Wiki"].ShouldBe("one");
    }

    [Theory]
    [InlineData(EventKinds.Event, "Events of type '2' are not enqueueable")]
    [InlineData(EventKinds.None, "Events of type '2' are not enqueueable")]
    public async Task Kind_ThatIsNotEnabled_IsNeverPosted(EventKinds enabled, string error)
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(
            service.Url, options => options.EnabledKinds = enabled);

        var result = await producer.Sender.SendAsync(
            [TestProducer.Event(kind: EventKinds.Job), TestProducer.Event(kind: EventKinds.Job)], TestTime.Token());

        result.Errors.ShouldBe([error]);
        result.NotSentCount.ShouldBe(2);
        result.Posts.ShouldBeEmpty();
        service.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Stream_ThatIsNotEnabled_IsNeverPosted()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url, options =>
            options.Streams = new Dictionary<string, StreamOptions>
            {
                ["a"] = new(), ["b"] = new() { IsEnabled = false },
            });

        var result = await producer.Sender.SendAsync(
            [Event("a", "1"), Event("b", "2"), Event("undeclared", "3")], TestTime.Token());

        (await service.NextAsync()).Body.ShouldBe("[1]");
        result.NotSentCount.ShouldBe(2);
        result.AcceptedCount.ShouldBe(1);
        result.Errors.ShouldBe(["Events of type '1' are not enqueueable"]);
    }

    [Fact]
    public async Task NoEvents_AreAnError()
    {
        await using var producer = await TestProducer.StartAsync("http://127.0.0.1:9/");

        (await producer.Sender.SendAsync([], TestTime.Token())).Errors.ShouldBe(["Provided event list is empty"]);
    }

    private static MediaWikiEvent Event(string stream, string text) => TestProducer.Event(stream, text: text);
}
