using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>What the tests of Dream and Deki assert about one service, beyond the recorded exchanges.</summary>
public sealed class ConformanceTests
{
    private const string Roles = "\"publish\", \"read\", \"subscribe\"";

    private static readonly (string, string)[] s_page =
    [
        ("Content-Type", "application/xml"), ("X-Dream-Event-Channel", "event://default/deki/pages/update"),
        ("X-Dream-Event-Origin-Uri", "http://o/1"),
    ];

    /// <summary>Limits that a fast clock does not reach.</summary>
    private static readonly (string, string)[] s_patient =
    [
        ("Deliveries:Timeout", "10 min"), ("Deliveries:ConnectTimeout", "5 min"), ("Intake:Deadline", "10 min"),
    ];

    [Theory]
    [InlineData("?apikey=KEY", "", "?access-key=k", "")]
    [InlineData("", "service-key=KEY", "", "access-key=k")]
    public async Task Set_LivesFromItsCreationToItsDeletion(
        string creation, string creationCookie, string access, string accessCookie)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        (string, string)[] cookies = accessCookie.Length > 0 ? [("Cookie", accessCookie)] : [];
        var created = await DreamApi.SendAsync(
            server, "POST", creation.Replace("KEY", key), DreamApi.Set("1", "", "http://127.0.0.1:9/a"),
            ("Cookie", creationCookie.Replace("KEY", key)), ("X-Set-Location-Key", "loc1"), ("X-Set-Access-Key", "k"));
        created.Status.ShouldBe(201, created.Text);
        created.Headers["Location"].ShouldBe("http://localhost/pubsub/subscribers/loc1?access-key=k");
        created.Headers.ContainsKey("Content-Location").ShouldBeFalse();

        var replaced = DreamApi.Set("1", "", "http://127.0.0.1:9/b");
        Task<RawResponse> SendAsync(string method, string? body = null) =>
            DreamApi.SendAsync(server, method, $"/loc1{access}", body, cookies);
        (await SendAsync("GET")).Text.ShouldContain("http://127.0.0.1:9/a");
        (await SendAsync("PUT", replaced)).Status.ShouldBe(200);
        (await SendAsync("GET")).Text.ShouldContain("http://127.0.0.1:9/b");
        (await SendAsync("DELETE")).Status.ShouldBe(200);
        foreach (var method in (string[])["GET", "PUT", "POST", "DELETE"])
        {
            (await SendAsync(method, method is "GET" or "DELETE" ? null : replaced)).Status.ShouldBe(403, method);
        }
    }

    [Fact]
    public async Task ServiceAtDekisPath_DeliversChangesOfPages()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync(("Dream:Path", "/deki/pubsub"));
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var service = new Uri(server.Address, "/deki/pubsub").ToString();
        var created = await RawHttp.SendAsync(
            server.Address, "POST", $"/deki/pubsub/subscribers?apikey={key}", [("Content-Type", "application/xml")],
            Encoding.UTF8.GetBytes(ChainApi.Set("1", "event://*/deki/pages/*", recipient)));
        created.Status.ShouldBe(201, created.Text);
        created.Headers["Location"].ShouldStartWith("http://localhost/deki/pubsub/subscribers/");
        foreach (var action in (string[])["create", "update"])
        {
            await PublishAsync(server, key, action, $"event://default/deki/pages/{action}", "/deki/pubsub");
        }

        var received = await recipient.WaitAsync(2);
        received.Select(static one => one["x-dream-event-id"]).ShouldBe(["create", "update"], ignoreOrder: true);
        received.ShouldAllBe(one => one["x-dream-event-via-uri"] == service);
        (await RawHttp.SendAsync(server.Address, "GET", "/pubsub/subscribers", [], body: null)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task EventWithManyValues_KeepsAllOfThemInTheirOrder()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await DreamApi.CreateAsync(
            server, key, "loc1",
            "<a><uri.owner>http://owner/1</uri.owner><subscription><channel>event://a/b</channel>"
            + $"<uri.proxy>{recipient.Url}</uri.proxy>"
            + string.Concat(((string[])["http://r/1", "http://r/2", "http://r/3"]).Select(
                static uri => $"<recipient><uri>{uri}</uri></recipient>")) + "</subscription></a>");
        var answer = await RawHttp.SendAsync(
            server.Address, "POST", $"/pubsub/publish?apikey={key}",
            [
                ("X-Dream-Event-Channel", "event://other/x"), ("X-Dream-Event-Origin-Uri", "http://o/2"),
                ("X-Dream-Event-Origin-Uri", "http://o/1"), ("X-Dream-Event-Recipient-Uri", "http://r/3"),
                ("X-Dream-Event-Recipient-Uri", "http://r/1"), ("X-Dream-Event-Recipient-Uri", "http://r/2"),
                ("X-Dream-Event-Via-Uri", "http://v/1"), ("X-Dream-Event-Via-Uri", "http://v/1"),
            ],
            [0, 255, 1]);
        var received = (await recipient.WaitAsync(1))[0];
        received["x-dream-event-origin-uri"].ShouldBe("http://o/2,http://o/1");
        received["x-dream-event-recipient-uri"].Split(',').Order().ShouldBe(["http://r/1", "http://r/2", "http://r/3"]);
        received["x-dream-event-via-uri"].ShouldBe($"http://v/1,http://v/1,{ChainApi.UriOf(server)}");
        Guid.TryParseExact(received["x-dream-event-id"], "D", out _).ShouldBeTrue();
        answer.Text.ShouldBe($"<event id=\"{received["x-dream-event-id"]}\" />");
        received.Body.ShouldBe([0, 255, 1]);
    }

    [Fact]
    public async Task EventWithAResource_ReachesThoseWhoseChannelAndResourceMatch()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        foreach (var (name, channel, resource) in ((string, string, string)[])
        [
            ("none", "event://*/foo/bar", ""), ("wild", "event://*/foo/*", "http://*/some/*"),
            ("exact", "event://a/foo/bar", "http://a/some/page"), ("page", "event://a/foo/bar", "http://a/other/page"),
            ("channel", "event://a/foo/baz/*", "http://*/some/*"),
        ])
        {
            var set = ChainApi.Set(name, channel, recipient, $"?at={name}");
            await DreamApi.CreateAsync(server, key, name, resource.Length == 0 ? set
                : set.Replace("<recipient>", $"<uri.resource>{resource}</uri.resource><recipient>"));
        }

        foreach (var (id, resource) in ((string, string?)[])
            [("http", "http://a/some/page"), ("https", "https://A/some/page"), ("else", "http://b/x"), ("", null)])
        {
            await PublishAsync(
                server, key, $"{id}.", "event://a/foo/bar", headers: resource is null ? []
                : [("X-Dream-Event-Resource-Uri", resource)]);
        }

        await TestTime.UntilAsync(() => DreamApi.Destinations(server).All(
            static one => one.Lag == 0 && one.Waiting == 0));
        recipient.Received.Select(static one =>
            one["x-dream-event-id"] + one["x-dream-event-recipient-uri"].Split("?at=")[1]).Order().ShouldBe(
            ((string[])
            [
                "http.none", "http.wild", "http.exact", "https.none", "https.wild", "https.exact", "else.none",
                ".none", ".wild", ".exact", ".page",
            ]).Order());
    }

    [Fact]
    public async Task RecipientThatFailsFiveTimes_GetsTheEventAtTheSixth_AndItsSetStays()
    {
        await using var recipient = await WebhookReceiver.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = StatusOf(number);
            return Task.CompletedTask;
        });
        await using var server = await StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "max-failures='0'", recipient.Url));
        await PublishAsync(server, key, "e1", "event://a/b");
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single() is { State: "down", Reason: "failing" });
        await recipient.WaitAsync(6);
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single() is { State: "active", Lag: 0 });
        recipient.Received.Count.ShouldBe(6);
        recipient.Received.ShouldAllBe(static one => one["x-dream-event-id"] == "e1");
        recipient.Received.ShouldAllBe(static one => Encoding.UTF8.GetString(one.Body) == "<e id='e1'/>");
        (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Failures_AreCountedFromTheLastSuccess()
    {
        // Failure, success, failure, failure, each of another event. Repeats do not end, so that they do not count.
        using var end = new CancellationTokenSource();
        await using var recipient = await WebhookReceiver.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number == 2 ? 200 : 500;
            return number <= 4 ? Task.CompletedTask : TestTime.UntilAsync(() => end.IsCancellationRequested);
        });
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "max-failures='1'", recipient.Url));
        var waiting = 0;
        for (var number = 1; number <= 4; number++)
        {
            DreamApi.Destinations(server).Single().State.ShouldBe("active");
            await PublishAsync(server, key, $"e{number}", $"event://a/{number}");
            await recipient.WaitAsync(number);
            waiting += number == 2 ? 0 : 1;
            await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single().Waiting == waiting);
        }

        DreamApi.Destinations(server).Single().ShouldSatisfyAllConditions(
            static one => one.State.ShouldBe("down"), static one => one.Reason.ShouldBe("failing"));
        await end.CancelAsync();
    }

    [Fact]
    public async Task SetWithADuration_KeepsTheOrder_AndNoOtherSetWaits()
    {
        var others = new TaskCompletionSource();
        await using var recipient = await WebhookReceiver.StartAsync(async (context, number) =>
        {
            context.Response.StatusCode = StatusOf(number);
            await (number == 6 ? others.Task.WaitAsync(TestTime.Limit) : Task.CompletedTask);
        });
        await using var other = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "max-failure-duration='1'", recipient.Url));
        await DreamApi.CreateAsync(server, key, "loc2", DreamApi.Set("2", "", other.Url));
        string[] ids = ["e1", "e2", "e3"];
        foreach (var id in ids)
        {
            await PublishAsync(server, key, id, $"event://a/{id}");
        }

        (await other.WaitAsync(3)).Select(static one => one["x-dream-event-id"]).ShouldBe(ids, ignoreOrder: true);
        others.SetResult();
        (await recipient.WaitAsync(8)).Select(static one => one["x-dream-event-id"]).ShouldBe(
            [.. Enumerable.Repeat("e1", 6), "e2", "e3"]);
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).All(static one => one.Lag == 0));
        (recipient.Received.Count, other.Received.Count).ShouldBe((8, 3));
        (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("max-failures='0'")]
    [InlineData("max-failure-duration='60'")]
    public async Task DeletedSet_TakesItsPendingEventsWithIt(string attributes)
    {
        await using var recipient = await WebhookReceiver.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = context.Request.Headers["X-Dream-Event-Id"] == "e1" ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var set = DreamApi.Set("1", attributes, recipient.Url);
        await DreamApi.CreateAsync(server, key, "loc1", set);
        await PublishAsync(server, key, "e1", "event://a/1");
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single().Waiting == 1);
        (await DreamApi.SendAsync(server, "DELETE", "/loc1?access-key=k")).Status.ShouldBe(200);
        DreamApi.Destinations(server).ShouldBeEmpty();

        // At the same place again, for longer than the next try of the first event would have taken.
        await DreamApi.CreateAsync(server, key, "loc1", set);
        var clock = server.Services.GetRequiredService<TimeProvider>();
        var start = clock.GetTimestamp();
        var tries = 0;
        for (var number = 0; clock.GetElapsedTime(start) < TimeSpan.FromSeconds(30); number++)
        {
            await PublishAsync(server, key, $"f{number}", "event://a/1");
            await TestTime.UntilAsync(() => recipient.Received.Any(one => one["x-dream-event-id"] == $"f{number}"));
            tries = number == 0 ? TriesOf("e1") : tries;
        }

        TriesOf("e1").ShouldBe(tries);
        int TriesOf(string id) => recipient.Received.Count(one => one["x-dream-event-id"] == id);
    }

    [Fact]
    public async Task RestartOfTheBus_KeepsPendingEvents_AndDeletionsOfSets()
    {
        var isUp = false;
        await using var recipient = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = Volatile.Read(ref isUp) ? 200 : 500;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await DreamApi.CreateAsync(
            server, key, "loc1", DreamApi.Set("1", "max-failure-duration='60'", recipient.Url));
        await PublishAsync(server, key, "e1", "event://a/1");
        await PublishAsync(server, key, "e2", "event://a/2");
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single().Waiting == 1);
        await server.RestartAsync(s_patient);
        Volatile.Write(ref isUp, true);
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single() is { Lag: 0, Waiting: 0 });
        recipient.Received.Select(static one => one["x-dream-event-id"]).Distinct().ShouldBe(["e1", "e2"]);
        recipient.Received.Count(static one => one["x-dream-event-id"] == "e2").ShouldBe(1);
        recipient.Received[^2].Body.ShouldBe("<e id='e1'/>"u8.ToArray());

        (await DreamApi.SendAsync(server, "DELETE", "/loc1?access-key=k")).Status.ShouldBe(200);
        await server.RestartAsync();
        (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k")).Status.ShouldBe(403);
        DreamApi.Destinations(server).ShouldBeEmpty();
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", recipient.Url));
    }

    [Fact]
    public async Task KeyOfAWiki_IsVerifiedByOneCall()
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "authtoken='instance-key'");
        await scene.SendAsync("/publish", "<deki-event wikiid='default'><pageid>10</pageid></deki-event>", s_page);
        scene.Received.ShouldBe(["A/q"]);
        scene.Calls.ShouldBe(["settings"]);
    }

    [Fact]
    public async Task SubscriptionOfOnePage_IsNotWidenedByOneOfItsTree()
    {
        await using var scene = await DekiScene.StartAsync();
        foreach (var (letter, resource) in ((string, string)[])
            [("A", "8#depth=infinity"), ("B", "8"), ("C", "10"), ("D", "11"), ("E", "11#depth=infinity")])
        {
            await SubscribeAsync(
                scene, letter, $"authtoken='{DekiScene.MasterKey}'",
                $"<uri.resource>deki://default/pages/{resource}</uri.resource>");
        }

        await scene.SendAsync("/publish", "<deki-event wikiid='default'><pageid>10</pageid></deki-event>", s_page);
        scene.Received.ShouldBe(["A/q", "C/q"], ignoreOrder: true);
        scene.Calls.ShouldBe(["page"]);
    }

    // Five failures, then success. After 503, the next try comes soon.
    private static int StatusOf(int number) => number <= 2 ? 500 : number <= 5 ? 503 : 200;

    // A fast clock, which a restart does not set back.
    private static Task<RunningServer> StartAsync()
    {
        var clock = new FastClock();
        return RunningServer.StartAsync(services => services.AddSingleton<TimeProvider>(clock), s_patient);
    }

    private static async Task PublishAsync(
        RunningServer server, string key, string id, string channel, string path = "/pubsub",
        params (string, string)[] headers)
    {
        var answer = await RawHttp.SendAsync(
            server.Address, "POST", $"{path}/publish?apikey={key}",
            [
                ("Content-Type", "application/xml"), ("X-Dream-Event-Id", id), ("X-Dream-Event-Channel", channel),
                ("X-Dream-Event-Origin-Uri", "http://o/1"), .. headers,
            ],
            Encoding.UTF8.GetBytes($"<e id='{id}'/>"));
        answer.Status.ShouldBe(200, answer.Text);
    }

    private static Task SubscribeAsync(DekiScene scene, string letter, string attributes, string resource = "") =>
        scene.SendAsync(
            "/subscribers",
            $"<a><uri.owner>http://owner/{letter}</uri.owner><subscription><channel>event://*/*</channel>{resource}"
            + $"<recipient {attributes}><uri>{scene.UriOf(letter)}/q</uri></recipient></subscription></a>",
            ("Content-Type", "application/xml"));
}
