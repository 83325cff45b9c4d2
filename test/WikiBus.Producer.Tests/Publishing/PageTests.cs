using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Publishing;

/// <summary>Pages of a wiki that publish events.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Page_EndsBeforeItsEventsArePosted()
    {
        await using var service = await StubService.StartAsync();
        var countAtEnd = -1;
        await using var wiki = await TestWiki.StartAsync(service.Url, async context =>
        {
            TestWiki.PublishPurge(context, "A");
            TestWiki.PublishPurge(context, "B");
            await context.Response.WriteAsync("saved");
            await context.Response.CompleteAsync();
            countAtEnd = service.Count;
        });

        (await wiki.Client.GetStringAsync("/", TestTime.Token())).ShouldBe("saved");

        var post = await service.NextAsync();
        countAtEnd.ShouldBe(0);
        using var events = JsonDocument.Parse(post.Body);
        events.RootElement.EnumerateArray()
            .Select(item => item.GetProperty("meta").GetProperty("uri").GetString())
            .ShouldBe(["https://wiki.example.org/wiki/A", "https://wiki.example.org/wiki/B"]);
        events.RootElement.EnumerateArray()
            .Select(item => item.GetProperty("meta").GetProperty("request_id").GetString())
            .Distinct().ShouldHaveSingleItem()!.Length.ShouldBe(24);
        events.RootElement.EnumerateArray()
            .Select(item => item.GetProperty("meta").GetProperty("id").GetGuid())
            .ShouldAllBe(id => id.Version == 4);
    }

    [Fact]
    public async Task Pages_EndWhileTheServiceHangs()
    {
        await using var service = await StubService.StartHangingAsync();
        await using var wiki = await TestWiki.StartAsync(service.Url, PublishAsync);

        for (var i = 0; i < 20; i++)
        {
            (await wiki.Client.GetStringAsync("/", TestTime.Token())).ShouldBe("saved");
        }

        await service.NextAsync();
        service.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_EndWhileTheServiceRefusesConnections()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var wiki = await TestWiki.StartAsync($"http://127.0.0.1:{port}/", PublishAsync);

        for (var i = 0; i < 20; i++)
        {
            (await wiki.Client.GetStringAsync("/", TestTime.Token())).ShouldBe("saved");
        }
    }

    [Fact]
    public async Task Page_ThatFails_PublishesWhatItDid()
    {
        await using var service = await StubService.StartAsync();
        await using var wiki = await TestWiki.StartAsync(service.Url, context =>
        {
            TestWiki.PublishPurge(context);
            throw new InvalidOperationException("after the change");
        });

        (await wiki.Client.GetAsync("/", TestTime.Token())).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);

        (await service.NextAsync()).Body.ShouldContain("\"tags\":[\"purge\"]");
    }

    [Fact]
    public async Task Page_WithoutEvents_PostsNothing()
    {
        await using var service = await StubService.StartAsync();
        await using var wiki = await TestWiki.StartAsync(service.Url, context =>
        {
            if (context.Request.Path == "/publish")
            {
                TestWiki.PublishPurge(context);
            }

            return Task.CompletedTask;
        });

        await wiki.Client.GetAsync("/", TestTime.Token());
        await wiki.Client.GetAsync("/publish", TestTime.Token());

        await service.NextAsync();
        service.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(EventGeneration.Current, "127.0.0.1")]
    [InlineData(EventGeneration.Rel139, "192.0.2.7")]
    public async Task Service_ThatWantsTheClient_GetsItsAddress(EventGeneration generation, string address)
    {
        await using var service = await StubService.StartAsync();
        await using var wiki = await TestWiki.StartAsync(service.Url, PublishAsync, options =>
        {
            options.Generation = generation;
            options.Services["eventbus"].ForwardsClientIp = true;
        });
        wiki.Client.DefaultRequestHeaders.Add("X-Client-IP", "192.0.2.7");

        await wiki.Client.GetAsync("/", TestTime.Token());

        (await service.NextAsync()).Headers["X-Client-IP"].ShouldBe(address);
    }

    [Theory]
    [InlineData("é", 1)]
    [InlineData("1", 257)]
    public async Task ClientAddress_ThatNoHeaderCanCarry_IsLeftOut(string text, int count)
    {
        await using var service = await StubService.StartAsync();
        await using var wiki = await TestWiki.StartAsync(service.Url, PublishAsync, options =>
        {
            options.Generation = EventGeneration.Rel139;
            options.Services["eventbus"].ForwardsClientIp = true;
        });
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var client = new HttpClient(handler) { BaseAddress = wiki.Client.BaseAddress, Timeout = TestTime.Limit };
        client.DefaultRequestHeaders.TryAddWithoutValidation(
            "X-Client-IP", string.Concat(Enumerable.Repeat(text, count)));

        await client.GetAsync("/", TestTime.Token());

        (await service.NextAsync()).Headers.ShouldNotContainKey("X-Client-IP");
    }

    [Theory]
    [InlineData(true, "mine", true)]
    [InlineData(false, "mine", false)]
    [InlineData(true, "", false)]
    public async Task RequestId_OfTheCaller_IsUsedIfAllowed(bool isAllowed, string given, bool isUsed)
    {
        await using var service = await StubService.StartAsync();
        await using var wiki = await TestWiki.StartAsync(
            service.Url, PublishAsync, options => options.AllowExternalRequestId = isAllowed);
        wiki.Client.DefaultRequestHeaders.Add("X-Request-Id", given);

        await wiki.Client.GetAsync("/", TestTime.Token());

        using var events = JsonDocument.Parse((await service.NextAsync()).Body);
        var id = events.RootElement[0].GetProperty("meta").GetProperty("request_id").GetString();
        (id == "mine").ShouldBe(isUsed);
        id!.Length.ShouldBe(isUsed ? 4 : 24);
    }

    [Fact]
    public async Task StreamName_OfTheMap_IsInTheEvent()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(
            service.Url, options => options.StreamNames["mediawiki.user_change.v1"] = "other.user_change");
        await using var scope = producer.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();

        var item = publisher.Events.UserChangeCreate(
            publisher.NewContext(), new WikiUser { Id = 7, Name = "Alice" }, performer: null);
        publisher.Publish(item);
        (await publisher.FlushAsync(waitForAnswer: true, TestTime.Token())).AcceptedCount.ShouldBe(1);

        item.Stream.ShouldBe("other.user_change");
        (await service.NextAsync()).Body.ShouldContain("\"stream\":\"other.user_change\"");
    }

    private static Task PublishAsync(HttpContext context)
    {
        TestWiki.PublishPurge(context);
        return context.Response.WriteAsync("saved");
    }
}
