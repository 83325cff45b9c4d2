using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Access;

/// <summary>Which requests may publish: by key, network or proxy.</summary>
public sealed class DoorTests
{
    private const string Events = "/v1/events";

    [Theory]
    [InlineData("Origin", "https://page.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    public async Task Loopback_PublishesWithoutAKey_UnlessItSpeaksForOthers(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        (await PostAsync(server, key: null)).ShouldBe(201);
        (await PostAsync(server, key: null, (header, value))).ShouldBe(401);
    }

    [Fact]
    public async Task NoTrustedNetwork_MeansKeysForEverybody()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        (await PostAsync(server, key: null)).ShouldBe(401);
        (await PostAsync(server, await KeyApi.CreateAsync(server, """{"roles":["publish"]}"""))).ShouldBe(201);
    }

    [Fact]
    public async Task MetricsWithAKeyThatMayNotRead_AreForbidden()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var key = await KeyApi.CreateAsync(server, """{"roles":["publish"]}""");
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/metrics", key)).ShouldBe(403);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/metrics", key: null)).ShouldBe(401);
    }

    [Theory]
    [InlineData("test.event")]
    [InlineData("test.nothing")]
    [InlineData("recentchange,test.event")]
    public async Task PrivateStreamsWithAKeyThatMayNotRead_AreForbidden_WhetherTheyExistOrNot(string streams)
    {
        await using var server = await RunningServer.StartAsync(
            ("Access:TrustedNetworks", ""), ("Access:PublicStreams", "eventstreams"));
        await TestEvents.AppendAsync(server, "test.event", 1);
        var key = await KeyApi.CreateAsync(server, """{"roles":["publish"]}""");

        using var response = await KeyApi.SendAsync(server, HttpMethod.Get, $"/v2/stream/{streams}", key);

        ((int)response.StatusCode).ShouldBe(403);
        var problem = await KeyApi.ReadAsync(response);
        problem.GetProperty("type").GetString().ShouldBe("forbidden");
        problem.GetProperty("detail").GetString().ShouldBe(
            $"Invalid streams: {streams.Split(',')[^1]}. "
            + "The key lacks the role read, which streams that are not public need.");
        (await KeyApi.StatusAsync(server, HttpMethod.Head, "/v2/stream/recentchange", key)).ShouldBe(200);
    }

    [Fact]
    public async Task TrustedProxy_DecidesByTheForwardedAddress()
    {
        await using var server = await RunningServer.StartAsync(
            ("Access:TrustedProxies", "127.0.0.1"), ("Access:TrustedNetworks", "10.0.0.0/8"));
        (await PostAsync(server, key: null, ("X-Forwarded-For", "10.1.2.3"))).ShouldBe(201);
        (await PostAsync(server, key: null, ("X-Forwarded-For", "10.1.2.3, 203.0.113.7"))).ShouldBe(401);
        (await PostAsync(server, key: null)).ShouldBe(401);
    }

    [Fact]
    public async Task Key_ComesByHeaderQueryOrCookie()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var key = await KeyApi.CreateAsync(server, """{"roles":["publish"]}""");
        (await PostAsync(server, key)).ShouldBe(201);
        (await KeyApi.StatusAsync(server, HttpMethod.Post, $"{Events}?apikey={key}", null, KeyApi.Event()))
            .ShouldBe(201);
        (await PostAsync(server, key: null, ("Cookie", $"a=b; service-key={key}"))).ShouldBe(201);
        (await PostAsync(server, key: null, ("Cookie", $"service-key={key}x"))).ShouldBe(401);
        server.Errors.Lines.ShouldNotContain(line => line.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WrongKey_IsRefused_AlsoOnATrustedNetwork()
    {
        await using var server = await RunningServer.StartAsync();
        (await PostAsync(server, "wrong")).ShouldBe(401);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v2/stream/test.event?apikey=", null)).ShouldBe(401);
    }

    [Fact]
    public async Task WrongKey_IsToldByEveryRoute()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        const string NotValid = "The key that was sent is not valid.";
        (await RefusalAsync(server, "wrong")).ShouldBe(NotValid);
        (await RefusalAsync(server, key: null, ("Cookie", "service-key=wrong"))).ShouldBe(NotValid);
        (await RefusalAsync(server, key: null)).ShouldStartWith("A key with the role publish is needed");

        foreach (var path in (string[])["/v2/stream/test.event", "/v2/streams", "/metrics", "/v1/keys"])
        {
            using var response = await KeyApi.SendAsync(server, HttpMethod.Get, path, "wrong");
            (await KeyApi.ReadAsync(response)).GetProperty("detail").GetString().ShouldBe(NotValid, path);
        }
    }

    [Fact]
    public async Task KeyWithoutBearer_IsToldHowToSendIt()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var key = await KeyApi.CreateAsync(server, """{"roles":["publish"]}""");
        (await RefusalAsync(server, key: null, ("Authorization", key)))
            .ShouldBe("The key was sent without its scheme: Authorization: Bearer KEY is the form");
    }

    [Fact]
    public async Task EventOfAWikiThatTheKeyLacks_IsRefusedForItsWiki()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await KeyApi.CreateAsync(
            server, """{"roles":["publish"],"streams":["test.*"],"wikis":["own.example"]}""");

        (await ReasonAsync(server, key, KeyApi.Event("test.event", "other.example")))
            .ShouldEndWith("; the key may not publish events of the domain other.example; "
                + "a key made with --domain other.example may.");
        (await ReasonAsync(server, key, """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"}}"""))
            .ShouldEndWith("; the event names no wiki and no domain, and the key is limited to its own.");
        (await ReasonAsync(server, key, KeyApi.Event("other.event", "own.example")))
            .ShouldEndWith("; the key may not publish to it.");
        (await ReasonAsync(server, key, KeyApi.Event("test.event", new string('x', 201))))
            .ShouldEndWith($"; a key made with --domain {new string('x', 200)}… may.");
    }

    [Fact]
    public async Task KeyOfAWikiAndItsDomain_PublishesItsPurgesAndChangedResources()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var wikiOnly = await KeyApi.CreateAsync(server, """{"roles":["publish"],"wikis":["mywiki"]}""");
        (await ReasonAsync(server, wikiOnly, Purge("my.wiki.example")))
            .ShouldEndWith("; the key may not publish events of the domain my.wiki.example; "
                + "a key made with --domain my.wiki.example may.");

        var key = await KeyApi.CreateAsync(
            server, """{"roles":["publish","read"],"wikis":["mywiki"],"domains":["my.wiki.example"]}""");
        (await PostEventAsync(server, key, Purge("my.wiki.example"))).ShouldBe(201);
        (await PostEventAsync(server, key, Purge("my.wiki.example", "resource_change"))).ShouldBe(201);
        (await PostEventAsync(server, key, Purge("other.example"))).ShouldNotBe(201);
        await using var stream = await RawStream.OpenAsync(
            server.Address, "/v2/stream/resource-purge?since=0", $"Authorization: Bearer {key}");
        (await stream.ReadEventAsync()).Json.GetProperty("meta").GetProperty("domain").GetString()
            .ShouldBe("my.wiki.example");
    }

    [Fact]
    public async Task Key_PublishesWhatItMay()
    {
        await using var server = await RunningServer.StartAsync();
        var reader = await KeyApi.CreateAsync(server, """{"roles":["read"]}""");
        (await PostAsync(server, reader)).ShouldBe(403);

        var key = await KeyApi.CreateAsync(
            server, """{"roles":["publish"],"streams":["test.*"],"wikis":["own.example"]}""");
        (await PostEventAsync(server, key, KeyApi.Event("test.event", "own.example"))).ShouldBe(201);
        (await PostEventAsync(server, key, KeyApi.Event("test.event", "other.example"))).ShouldNotBe(201);
        (await PostEventAsync(server, key, KeyApi.Event("other.event", "own.example"))).ShouldNotBe(201);
        Log(server).FindStream("other.event").ShouldBeNull();
        Log(server).FindStream("test.event")!.NextOffset.ShouldBe(1);
    }

    /// <summary>An event that has a domain and no wiki, as MediaWiki sends it.</summary>
    private static string Purge(string domain, string stream = "resource-purge") =>
        $$$"""
        {"$schema":"/resource_change/1.0.0","meta":{"stream":"{{{stream}}}","domain":"{{{domain}}}",
         "uri":"https://{{{domain}}}/wiki/A","dt":"2026-01-01T00:00:00Z"},"tags":["mediawiki"]}
        """;

    private static Task<int> PostAsync(
        RunningServer server, string? key, params (string Name, string Value)[] headers) =>
        KeyApi.StatusAsync(server, HttpMethod.Post, Events, key, KeyApi.Event(), headers);

    private static Task<int> PostEventAsync(RunningServer server, string key, string posted) =>
        KeyApi.StatusAsync(server, HttpMethod.Post, Events, key, posted);

    /// <summary>The message of the answer to a request without a valid key.</summary>
    private static async Task<string?> RefusalAsync(
        RunningServer server, string? key, params (string Name, string Value)[] headers)
    {
        using var response = await KeyApi.SendAsync(server, HttpMethod.Post, Events, key, KeyApi.Event(), headers);
        ((int)response.StatusCode).ShouldBe(401);
        return Message((await KeyApi.ReadAsync(response)).GetProperty("error")[0]);
    }

    /// <summary>The message of the answer to an event that is refused as an error.</summary>
    private static async Task<string?> ReasonAsync(RunningServer server, string key, string posted)
    {
        using var response = await KeyApi.SendAsync(server, HttpMethod.Post, Events, key, posted);
        ((int)response.StatusCode).ShouldBe(500);
        return Message((await KeyApi.ReadAsync(response)).GetProperty("error")[0]);
    }

    private static string? Message(JsonElement item) =>
        item.GetProperty("context").GetProperty("message").GetString();

    private static EventLog Log(RunningServer server) => server.Services.GetRequiredService<EventLog>();
}
