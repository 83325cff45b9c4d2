using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.Deki;
using WikiBus.Events.Tests;

namespace WikiBus.Producer.Tests.Deki;

public sealed class PublisherTests
{
    private static readonly DekiPage s_page = new() { Id = 42, Title = "Home", Revision = 3 };

    private static readonly DekiUser s_user = new() { Id = 7, Name = "Maria" };

    [Fact]
    public async Task RecordedEvents_ArePostedAsDekiDoes()
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub, configure: options => options.Deki.EnablePageViewEvents = true);
        await DekiWikiHost.PassStartAsync(stub);
        var recorded = RecordedEvents();
        recorded.Count.ShouldBe(786);

        Publish(wiki, _ => recorded);

        foreach (var item in recorded)
        {
            var post = await stub.NextAsync();
            post.ContentType.ShouldBe("application/xml; charset=utf-8");
            post.Body.ShouldBe(item.Document);
            post.Headers.ShouldBe(HeadersOf(item), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Events_AreOfTheConfiguredWikiAndTheRequest()
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub,
            application => application.MapGet("/save", async (HttpContext context, IDekiEventPublisher publisher) =>
            {
                publisher.Publish(publisher.Events.UserUpdated(s_user));
                await publisher.FlushAsync(context.RequestAborted);
            }),
            options => options.Deki.WikiId = "other");
        await DekiWikiHost.PassStartAsync(stub);

        var expected = new Dictionary<string, string>
        {
            [""] = "User:Maria",
            ["?baseuri=http://ui.example.org/wiki/"] = "wiki/User:Maria",
            ["?baseuri=ftp://ui.example.org/"] = "User:Maria",
            ["?baseuri=nonsense"] = "User:Maria",
        };
        foreach (var (query, path) in expected)
        {
            await wiki.Client.GetAsync(new Uri(wiki.Uri, "/save" + query), TestTime.Token());
            (await stub.NextAsync()).Body.ShouldBe(
                "<deki-event wikiid=\"other\" event-time=\"2011-03-04T05:06:07Z\">"
                + "<channel>event://other/deki/users/update</channel><userid>7</userid>"
                + $"<uri>http://wiki.example.org/@api/deki/users/7</uri><path>{path}</path></deki-event>");
        }
    }

    [Fact]
    public async Task EventsOfARequest_AreFlushedAtItsEnd()
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(stub, application =>
        {
            application.UseWikiBusProducer();
            application.MapGet("/save", (IDekiEventPublisher publisher) =>
                publisher.Publish(publisher.Events.UserLoggedIn(s_user)));
        });
        await DekiWikiHost.PassStartAsync(stub);

        await wiki.Client.GetAsync(new Uri(wiki.Uri, "/save"), TestTime.Token());
        await wiki.StopAsync();

        stub.Rest().Select(ChannelOf).ShouldBe(["users/login", "site/stop"]);
    }

    [Fact]
    public async Task ApiKey_IsSentAsCookie()
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub, configure: options => options.Deki.ApiKey = "s3cret");

        (await stub.NextAsync()).Headers.ShouldContain("Cookie: service-key=s3cret");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PageViews_AreSentOnlyIfEnabled(bool isEnabled)
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub, configure: options => options.Deki.EnablePageViewEvents = isEnabled);
        await DekiWikiHost.PassStartAsync(stub);
        var talk = s_page with { Id = 43, Namespace = DekiNamespace.MainTalk, FrontPage = s_page };
        var message = new DekiMessage { Path = ["view"], ContentType = "text/plain", Body = "a"u8.ToArray() };

        Publish(wiki, events => events.PageViewed(talk, s_user));
        Publish(wiki, events => events.PageMessageSent(s_page, s_user, message));
        await wiki.StopAsync();

        string[] views = ["pages/view", "pages/dependentschanged/talk/view"];
        stub.Rest().Select(ChannelOf).ShouldBe(
            [.. isEnabled ? views : [], "pages/message/view", "site/stop"]);
    }

    [Fact]
    public async Task Flush_WaitsForNoAnswer()
    {
        await using var stub = await DreamStub.StartAsync(hangs: true);
        await using var wiki = await DekiWikiHost.StartAsync(stub);

        Publish(wiki, events => events.UserLoggedIn(s_user));

        ChannelOf(await stub.NextAsync()).ShouldBe("site/start");
        stub.Rest().ShouldBeEmpty();
        stub.Answer();
        ChannelOf(await stub.NextAsync()).ShouldBe("site/started");
        ChannelOf(await stub.NextAsync()).ShouldBe("users/login");
    }

    [Fact]
    public async Task EventsThatAreNotFlushed_AreNotSentButLogged()
    {
        var logs = new TestLogs();
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub, register: logs.Register);
        await DekiWikiHost.PassStartAsync(stub);

        Publish(wiki, events => events.UserLoggedIn(s_user), flushes: false);
        await wiki.StopAsync();

        stub.Rest().Select(ChannelOf).ShouldBe(["site/stop"]);
        logs.Lines.ShouldContain((
            LogLevel.Warning,
            "1 events of Deki were published and never flushed, so they are lost; call UseWikiBusProducer or "
            + "FlushAsync"));
    }

    [Fact]
    public async Task EventsOverTheLimit_AreDropped()
    {
        var logs = new TestLogs();
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(
            stub,
            configure: options => options.QueueBytesMax = 600,
            register: logs.Register);
        await DekiWikiHost.PassStartAsync(stub);

        Publish(wiki, events => [.. Enumerable.Range(1, 20).SelectMany(
            id => events.UserLoggedIn(s_user with { Id = id }))]);
        await wiki.StopAsync();

        stub.Rest().Select(ChannelOf).Count(channel => channel == "users/login").ShouldBeInRange(1, 2);
        logs.Lines.Count(line =>
            line.Text == "Events of Deki are dropped, because 600 bytes are published and not flushed (QueueBytesMax)")
            .ShouldBe(1);
    }

    [Theory]
    [InlineData("event://default/a\r\nX-Other: b", "http://default/", "http://o/")]
    [InlineData("", "http://default/", "http://o/")]
    [InlineData("event://default/a", "http://default/ä", "http://o/")]
    [InlineData("event://default/a", "http://default/", "http://o/ /")]
    [InlineData("event://default/a", "http://default/", "")]
    public async Task HeadersThatAreNoUris_AreRefused(string channel, string resource, string origin)
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(stub);

        Should.Throw<ArgumentException>(() => Publish(
            wiki, _ => [new DekiEvent(channel, resource, [origin], "<deki-event />")]));
    }

    [Fact]
    public async Task WrongSettings_AreRefusedAtTheStart()
    {
        await using var stub = await DreamStub.StartAsync();

        var fault = await Should.ThrowAsync<OptionsValidationException>(() => DekiWikiHost.StartAsync(
            stub, configure: options => options.Deki = new DekiOptions
            {
                PublishUri = new Uri("publish", UriKind.Relative),
                ApiUri = new Uri("http://wiki/api?a=b"),
                WikiId = "two words",
                ApiKey = "a;b",
                Timeout = TimeSpan.Zero,
            }));

        fault.Failures.ShouldBe(
        [
            "Deki.PublishUri must be an absolute URI of http or https without credentials and fragment, "
                + "as http://localhost:8192/pubsub/publish.",
            "Deki.ApiUri must be an absolute URI of http or https without credentials, query and fragment, "
                + "as http://wiki.example.org/@api/deki.",
            "Deki.WikiId must be valid as a host, such as default; it is 'two words'.",
            "Deki.ApiKey must consist of visible ASCII characters except \" , ; and \\, and not be empty.",
            "Deki.Timeout must be more than 0 and at most 01:00:00.",
        ]);
    }

    [Fact]
    public void Settings_AreReadFromConfiguration()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EnabledKinds"] = "None",
            ["Deki:PublishUri"] = "https://bus.example.org/pubsub/publish",
            ["Deki:ApiUri"] = "http://wiki.example.org/@api/deki",
            ["Deki:WikiId"] = "other",
            ["Deki:ApiKey"] = "s3cret",
            ["Deki:EnablePageViewEvents"] = "true",
            ["Deki:Timeout"] = "00:00:03",
        }).Build();
        using var services = new ServiceCollection()
            .AddWikiBusProducer(section).AddWikiBusDeki().AddWikiBusDeki().BuildServiceProvider();

        var deki = services.GetRequiredService<IOptions<ProducerOptions>>().Value.Deki;

        deki.PublishUri.ShouldBe(new Uri("https://bus.example.org/pubsub/publish"));
        deki.ApiUri.ShouldBe(new Uri("http://wiki.example.org/@api/deki"));
        (deki.WikiId, deki.ApiKey, deki.EnablePageViewEvents).ShouldBe(("other", "s3cret", true));
        deki.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
        services.GetServices<IHostedService>().Count().ShouldBe(2, "the queue, and the events of the site once");
    }

    [Fact]
    public async Task Publish_AfterTheEndOfTheScope_IsRefused()
    {
        await using var stub = await DreamStub.StartAsync();
        await using var wiki = await DekiWikiHost.StartAsync(stub);
        IDekiEventPublisher publisher;
        await using (var scope = wiki.Services.CreateAsyncScope())
        {
            publisher = scope.ServiceProvider.GetRequiredService<IDekiEventPublisher>();
        }

        Should.Throw<ObjectDisposedException>(() => publisher.Publish([]));
    }

    [Fact]
    public void WithoutTheProducer_ThereIsNoDeki() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddWikiBusDeki())
            .Message.ShouldBe("Call AddWikiBusProducer before AddWikiBusDeki.");

    private static void Publish(
        LocalServer wiki, Func<DekiEvents, IReadOnlyList<DekiEvent>> build, bool flushes = true)
    {
        using var scope = wiki.Services.CreateScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IDekiEventPublisher>();
        publisher.Publish(build(publisher.Events));
        if (flushes)
        {
            publisher.FlushAsync(TestTime.Token()).IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    private static List<DekiEvent> RecordedEvents() =>
    [
        .. Recordings.Read("deki-events.jsonl")
            .SelectMany(call => call.GetProperty("events").EnumerateArray())
            .Select(item => new DekiEvent(
                item.GetProperty("channel").GetString()!,
                item.GetProperty("resource").GetString(),
                [.. item.GetProperty("origins").EnumerateArray().Select(origin => origin.GetString()!)],
                item.GetProperty("document").GetString()!)),
    ];

    private static List<string> HeadersOf(DekiEvent item) =>
    [
        $"X-Dream-Event-Channel: {item.Channel}",
        .. item.Resource is null ? Array.Empty<string>() : [$"X-Dream-Event-Resource-Uri: {item.Resource}"],
        $"X-Dream-Event-Origin-Uri: {string.Join(',', item.Origins)}",
    ];

    private static string ChannelOf(ReceivedPost post) => post.Headers
        .Single(header => header.StartsWith("X-Dream-Event-Channel: ", StringComparison.Ordinal))
        .Split("/deki/")[1];
}
