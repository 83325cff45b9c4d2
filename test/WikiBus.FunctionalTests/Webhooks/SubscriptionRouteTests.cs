using System.Text.Json;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>The routes that create, show, replace and delete subscriptions.</summary>
public sealed class SubscriptionRouteTests : IClassFixture<ServerFixture>
{
    private const string Url = "http://127.0.0.1:1/";

    private readonly RunningServer _server;

    public SubscriptionRouteTests(ServerFixture fixture) => _server = fixture.Server;

    [Fact]
    public async Task SameBodyAgain_IsTheSameSubscription_AndAnotherBodyConflicts()
    {
        var body = SubscriptionApi.Body(Url, """{"id":"again","streams":["a"],"headers":{"X-A":"1","x-b":"2"}}""");

        (await CallAsync(HttpMethod.Post, "", 201, body)).Text("secret").ShouldStartWith("whsec_");
        (await CallAsync(HttpMethod.Post, "", 200, body)).TryGetProperty("secret", out _).ShouldBeFalse();
        (await CallAsync(HttpMethod.Post, "", 409, SubscriptionApi.Body(Url, """{"id":"again"}""")))
            .Detail().ShouldStartWith("id: a subscription with other members, or of another key, has it.");
    }

    [Fact]
    public async Task TwoCreationsOfOneId_MakeOne()
    {
        var body = SubscriptionApi.Body(Url, """{"id":"twice"}""");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => KeyApi.StatusAsync(
            _server, HttpMethod.Post, SubscriptionApi.Path, KeyApi.AdminKey(_server), body)));

        statuses.Order().ShouldBe([200, 200, 200, 200, 200, 200, 200, 201]);
    }

    [Fact]
    public async Task Answer_HasTheMembersAndNoHeaderValue()
    {
        await CallAsync(HttpMethod.Post, "", 201, SubscriptionApi.Body(Url, """
            {"id":"shown","streams":["mediawiki.*"],"wikis":["enwiki"],"channel":"event://*/a/*","filter":"a=b",
             "start":0,"order":"strict","concurrency":3,"timeout":"90 s","expireAfter":"48 h",
             "headers":{"Authorization":"Bearer hidden"},"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
            """));

        var shown = await SubscriptionApi.GetAsync(_server, "shown");

        shown.GetProperty("filter").EnumerateArray().Single().GetString().ShouldBe("a=b");
        (shown.Text("channel"), shown.Text("order"), shown.Text("timeout"), shown.Text("expireAfter"))
            .ShouldBe(("event://*/a/*", "strict", "90 s", "2 d"));
        (shown.Text("start"), shown.Text("state"), shown.Text("owner")).ShouldBe(("0", "active", "admin"));
        shown.GetProperty("headers").GetProperty("Authorization").ValueKind.ShouldBe(JsonValueKind.Null);
        shown.GetProperty("lastError").ValueKind.ShouldBe(JsonValueKind.Null);
        shown.GetRawText().ShouldNotContain("hidden");
        shown.GetRawText().ShouldNotContain("whsec_");
    }

    [Fact]
    public async Task List_HasPagesOfTheCallersOwn()
    {
        var key = await SubscriptionApi.SubscriberAsync(_server, "lister");
        foreach (var id in (string[])["list-c", "list-a", "list-b"])
        {
            await SubscriptionApi.CreateAsync(_server, Url, $$"""{"id":"{{id}}"}""", key);
        }

        var first = await CallAsync(HttpMethod.Get, "?limit=2", 200, key: key);
        Ids(first).ShouldBe(["list-a", "list-b"]);
        var second = await CallAsync(HttpMethod.Get, $"?limit=2&after={first.Text("next")}", 200, key: key);
        Ids(second).ShouldBe(["list-c"]);
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        Ids(await CallAsync(HttpMethod.Get, "?limit=1000", 200)).ShouldContain("list-a");
        (await CallAsync(HttpMethod.Get, "?limit=0", 400)).Detail()
            .ShouldBe("limit: '0' is not a number from 1 to 1000.");
    }

    [Theory]
    [InlineData("GET", "?limits=5", "There is no parameter 'limits'; there are limit, after.")]
    [InlineData("POST", "/misspelt/resume?form=now", "There is no parameter 'form'; there are from.")]
    public async Task UnknownParameter_IsRefused(string method, string path, string detail)
    {
        await KeyApi.StatusAsync(
            _server, HttpMethod.Post, SubscriptionApi.Path, KeyApi.AdminKey(_server),
            SubscriptionApi.Body(Url, """{"id":"misspelt"}"""));

        (await CallAsync(new HttpMethod(method), path, 400)).Detail().ShouldBe(detail);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/replay")]
    [InlineData("DELETE", "/replay")]
    [InlineData("POST", "/test")]
    [InlineData("POST", "/rotate")]
    public async Task SubscriptionOfAnotherKey_IsNotFound(string method, string path)
    {
        var name = $"{method}{path.Replace('/', '-')}".ToLowerInvariant();
        var owner = await SubscriptionApi.SubscriberAsync(_server, $"owner-{name}");
        var other = await SubscriptionApi.SubscriberAsync(_server, $"other-{name}");
        await SubscriptionApi.CreateAsync(_server, Url, $$"""{"id":"mine-{{name}}"}""", owner);

        (await CallAsync(new HttpMethod(method), $"/mine-{name}{path}", 404, SubscriptionApi.Body(Url), other))
            .Detail().ShouldBe("There is no such subscription.");
        await CallAsync(new HttpMethod(method), $"/no-such{path}", 404, SubscriptionApi.Body(Url));
        await SubscriptionApi.GetAsync(_server, $"mine-{name}", owner);
    }

    [Fact]
    public async Task WithoutTheRole_IsRefused()
    {
        var reader = await KeyApi.CreateAsync(_server, """{"id":"only-reads","roles":["read"]}""");

        (await CallAsync(HttpMethod.Get, "", 403, key: reader)).Detail()
            .ShouldBe("A key with the role subscribe is needed.");
        (await KeyApi.StatusAsync(_server, HttpMethod.Get, SubscriptionApi.Path, key: null)).ShouldBe(401);
    }

    [Theory]
    [InlineData("""{"id":"a b"}""", "id: letters, digits, '_' and '-', at most 64, are allowed")]
    [InlineData("""{"url":"ftp://a.example/"}""", "url: A URL begins with http:// or https://.")]
    [InlineData("""{"url":"http://10.1.2.3/"}""", "url: The target is blocked: 10.1.2.3 is in 10.0.0.0/8.*")]
    [InlineData("""{"url":"http://[::ffff:10.1.2.3]/"}""", "url: The target is blocked: .*")]
    [InlineData("""{"streams":["a b"]}""", "streams: 'a b' is not allowed; names of streams, .*")]
    [InlineData("""{"streams":[null]}""", "streams: 'null' is not allowed; .*")]
    [InlineData("""{"wikis":["a b"]}""", "wikis: 'a b' is not allowed; .*")]
    [InlineData("""{"channel":"x"}""", "channel: Channel 'x' is not allowed; .*")]
    [InlineData("""{"filter":"x"}""", "filter: .*")]
    [InlineData("""{"filter":7}""", "filter: a text or a list of texts is allowed.")]
    [InlineData("""{"order":"random"}""", "order: key, none or strict is allowed")]
    [InlineData("""{"concurrency":0}""", "concurrency: 1 to 1000 is allowed")]
    [InlineData("""{"timeout":"5"}""", "timeout: '5' is not allowed; 100 ms to 10 min, .*")]
    [InlineData("""{"timeout":"11 min"}""", "timeout: '11 min' is not allowed; .*")]
    [InlineData("""{"expireAfter":"0 s"}""", "expireAfter: '0 s' is not allowed; 1 s to 3650 d, .*")]
    [InlineData("""{"headers":{"Host":"x"}}""", "headers: The header 'Host' cannot be set.")]
    [InlineData("""{"headers":{"X-A":null}}""", "headers: each value is a text")]
    [InlineData("""{"headers":{"webhook-id":"x"}}""", "headers: The header 'webhook-id' cannot be set.")]
    [InlineData("""{"secret":"abc"}""", "secret: A secret begins with 'whsec_'.")]
    [InlineData("""{"start":"yesterday"}""", "start: 'yesterday' is not allowed; .*")]
    [InlineData("""{"start":99999999999}""", "start: the log ends at position .*")]
    [InlineData("""{"start":true}""", "start: a text or a whole number is allowed.")]
    [InlineData("""{"start":"no.such@1"}""", "start: the stream 'no.such' has no records")]
    [InlineData("""{"owner":"admin"}""", "owner: the key that creates a subscription owns it")]
    [InlineData("""{"colour":"red"}""", "colour: there is no such member; id, url, streams, .*owner are allowed.")]
    [InlineData("""{"streams":"a"}""", "streams: a list of texts is allowed.")]
    public async Task WrongMember_IsRefusedWithItsName(string members, string detail) =>
        (await CallAsync(HttpMethod.Post, "", 400, SubscriptionApi.Body("https://example.org/", members)))
            .Detail().ShouldMatch($"^{detail}$");

    [Fact]
    public async Task StartBeyondTheEndOfAStream_IsRefused()
    {
        await DeliveryTests.PublishAsync(_server, KeyApi.Event("start.end"));

        (await CallAsync(HttpMethod.Post, "", 400, SubscriptionApi.Body(Url, """{"start":"start.end@2"}""")))
            .Detail().ShouldBe("start: the stream 'start.end' ends at offset 1");
        await SubscriptionApi.CreateAsync(_server, Url, """{"start":"start.end@1"}""");
    }

    [Theory]
    [InlineData("streams", 101, "streams: at most 100 .*")]
    [InlineData("wikis", 1001, "wikis: at most 1000 .*")]
    [InlineData("filter", 17, "filter: 17 filters are too many; 16 are allowed")]
    public async Task LongList_IsRefused(string member, int count, string detail)
    {
        var items = string.Join(',', Enumerable.Range(0, count).Select(static number => $"\"a={number}\""));

        (await CallAsync(HttpMethod.Post, "", 400, SubscriptionApi.Body(Url, $$"""{"{{member}}":[{{items}}]}""")))
            .Detail().ShouldMatch($"^{detail}$");
    }

    [Fact]
    public async Task LargeBody_IsRefused() =>
        await CallAsync(HttpMethod.Post, "", 413, $$"""{"url":"{{new string('a', 300_000)}}"}""");

    [Fact]
    public async Task Put_ReplacesTheWholeBody_AndKeepsHeadersThatAreNull()
    {
        await CallAsync(HttpMethod.Post, "", 201, SubscriptionApi.Body(
            Url, """{"id":"put","streams":["a"],"concurrency":2,"headers":{"X-Old":"1","X-Kept":"2"}}"""));

        var replaced = await CallAsync(HttpMethod.Put, "/put", 200, SubscriptionApi.Body(
            Url, """{"wikis":["enwiki"],"headers":{"x-kept":null}}"""));

        replaced.GetProperty("streams").GetArrayLength().ShouldBe(0);
        replaced.GetProperty("concurrency").GetInt32().ShouldBe(10);
        replaced.GetProperty("headers").EnumerateObject().Select(static one => one.Name).ShouldBe(["x-kept"]);
    }

    [Theory]
    [InlineData("""{"id":"other"}""", "id: it is the id in the path, or missing")]
    [InlineData("""{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", "secret: only a rotation changes it")]
    [InlineData("""{"start":0}""", "start: it counts only when a subscription is created; .*")]
    [InlineData("""{"owner":"nobody"}""", "owner: there is no such key")]
    [InlineData("""{"owner":"wikibus.json"}""", "owner: there is no such key")]
    [InlineData("""{"headers":{"X-New":null}}""", "headers: 'X-New' has no value yet, so null cannot keep it")]
    public async Task WrongReplacement_IsRefused(string members, string detail)
    {
        var id = (await SubscriptionApi.CreateAsync(_server, Url)).Text("id");

        (await CallAsync(HttpMethod.Put, $"/{id}", 400, SubscriptionApi.Body(Url, members)))
            .Detail().ShouldMatch($"^{detail}$");
    }

    [Fact]
    public async Task PutOfAnotherVersion_IsRefused()
    {
        var body = SubscriptionApi.Body(Url, """{"id":"tagged"}""");
        using var created = await KeyApi.SendAsync(
            _server, HttpMethod.Post, SubscriptionApi.Path, KeyApi.AdminKey(_server), body);
        var tag = created.Headers.ETag!.ToString();

        await CallAsync(HttpMethod.Put, "/tagged", 200, body, headers: ("If-Match", tag));
        await CallAsync(HttpMethod.Put, "/tagged", 412, body, headers: ("If-Match", tag));
        await CallAsync(HttpMethod.Put, "/tagged", 412, body, headers: ("If-Match", "nonsense"));
        await CallAsync(HttpMethod.Put, "/tagged", 200, body, headers: ("If-Match", "*"));
    }

    [Fact]
    public async Task OnlyManage_GivesASubscriptionToAnotherKey()
    {
        var key = await SubscriptionApi.SubscriberAsync(_server, "giver");
        await SubscriptionApi.SubscriberAsync(_server, "taker");
        var id = (await SubscriptionApi.CreateAsync(_server, Url, key: key)).Text("id");
        var body = SubscriptionApi.Body(Url, """{"owner":"taker"}""");

        await CallAsync(HttpMethod.Put, $"/{id}", 403, body, key);
        (await KeyApi.StatusAsync(_server, HttpMethod.Delete, "/v1/keys/giver", KeyApi.AdminKey(_server)))
            .ShouldBe(204);
        (await SubscriptionApi.GetAsync(_server, id)).Text("state").ShouldBe("revoked");
        (await CallAsync(HttpMethod.Post, $"/{id}/test", 409)).Detail()
            .ShouldBe("The key that owns this subscription was revoked.");
        (await CallAsync(HttpMethod.Put, $"/{id}", 200, body)).Text("state").ShouldBe("active");
    }

    [Fact]
    public async Task Delete_RemovesIt()
    {
        var id = (await SubscriptionApi.CreateAsync(_server, Url)).Text("id");

        (await CallAsync(HttpMethod.Delete, $"/{id}", 200)).GetProperty("dropped").GetInt64().ShouldBe(0);
        await CallAsync(HttpMethod.Get, $"/{id}", 404);
    }

    [Fact]
    public async Task SubscriptionsPerKeyMax_IsTheLimit()
    {
        await using var server = await RunningServer.StartAsync(("Webhooks:SubscriptionsPerKeyMax", "1"));
        await SubscriptionApi.CreateAsync(server, Url);

        (await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 409, SubscriptionApi.Body(Url))).Detail()
            .ShouldBe("The key has as many subscriptions as Webhooks:SubscriptionsPerKeyMax allows.");
    }

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(static one => one.Text("id"));

    private Task<JsonElement> CallAsync(
        HttpMethod method, string path, int status, string? body = null, string? key = null,
        params (string Name, string Value)[] headers) =>
        SubscriptionApi.CallAsync(_server, method, path, status, body, key, headers);
}
