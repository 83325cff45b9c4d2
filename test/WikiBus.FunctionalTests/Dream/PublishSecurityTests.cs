using System.Text;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Who may publish what, and what becomes of hostile events.</summary>
public sealed class PublishSecurityTests
{
    private const string Channel = "event://default/deki/pages/create";

    [Theory]
    [InlineData("", "", 403)]
    [InlineData("?apikey=wrong-key-of-nobody", "", 403)]
    [InlineData("?apikey=READER", "", 403)]
    [InlineData("?apikey=wrong-key-of-nobody&apikey=PUBLISHER", "", 403)]
    [InlineData("?apikey=TOKENx", "", 403)]
    [InlineData("?apikey=wbp.publisher.AAAA", "", 403)]
    [InlineData("?apikey=PUBLISHER", "", 200)]
    [InlineData("?APIKEY=PUBLISHER&apikey=wrong-key-of-nobody", "", 200)]
    [InlineData("?apikey=TOKEN", "", 200)]
    [InlineData("", "service-key=\"PUBLISHER\"", 200)]
    [InlineData("", "$Version=\"1\"; service-key=\"TOKEN\"; $Path=\"/pubsub\"", 200)]
    [InlineData("?apikey=wrong-key-of-nobody", "service-key=PUBLISHER", 403)]
    public async Task Publish_IsOpenToPublishersOnly(string query, string cookie, int status)
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var publisher = await CreateAsync(server, "publisher", "\"publish\", \"subscribe\"");
        var reader = await CreateAsync(server, "reader", "\"read\", \"subscribe\"");
        var token = await TokenAsync(server, publisher);
        string Fill(string text) => text.Replace("PUBLISHER", publisher, StringComparison.Ordinal)
            .Replace("READER", reader, StringComparison.Ordinal).Replace("TOKEN", token, StringComparison.Ordinal);
        var answer = await PublishAsync(
            server, Fill(query), "<e/>", cookie.Length > 0 ? [("Cookie", Fill(cookie))] : []);
        answer.Status.ShouldBe(status, answer.Text);
        StoredRecords.Read(server).Count.ShouldBe(status == 200 ? 1 : 0);
        answer.Text.ShouldNotContain(publisher);
    }

    [Theory]
    [InlineData("GET", "/pubsub/subscribers")]
    [InlineData("POST", "/pubsub/subscribers")]
    [InlineData("GET", "/pubsub/diagnostics/subscriptions")]
    [InlineData("GET", "/v1/keys")]
    [InlineData("GET", "/v1/subscriptions")]
    public async Task Token_OpensNothingElse(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();
        var token = await TokenAsync(server, await CreateAsync(server, "publisher", "\"publish\", \"subscribe\""));
        var answer = await RawHttp.SendAsync(
            server.Address, method, $"{path}?apikey={token}", [("Content-Type", "application/xml")],
            method == "POST" ? Encoding.UTF8.GetBytes(DreamApi.Set("1", "", "http://127.0.0.1:9/a")) : null);
        answer.Status.ShouldBeOneOf(401, 403);
    }

    [Fact]
    public async Task Token_EndsWithItsKey()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await TokenAsync(server, await CreateAsync(server, "publisher", "\"publish\", \"subscribe\""));
        (await PublishAsync(server, $"?apikey={token}", "<e/>")).Status.ShouldBe(200);
        (await KeyApi.SendAsync(server, HttpMethod.Delete, "/v1/keys/publisher", KeyApi.AdminKey(server)))
            .EnsureSuccessStatusCode();
        (await PublishAsync(server, $"?apikey={token}", "<e/>")).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("event://own/deki/pages/create", "<e wikiid='own'/>", 200)]
    [InlineData("event://own/deki/pages/create", "text", 403)]
    [InlineData("event://OTHER/deki/pages/create", "<e/>", 403)]
    [InlineData("event://own/deki/pages/create", "<e wikiid='other'/>", 403)]
    [InlineData("event://other/deki/pages/create", "<e wikiid='own'/>", 403)]
    [InlineData("event://own/deki/users/create", "<e/>", 403)]
    [InlineData("event://own/service/x", "<e/>", 403)]
    [InlineData("event:///deki/pages/create", "<e/>", 403)]
    [InlineData("event://own:x@other/deki/pages/create", "<e/>", 403)]
    [InlineData("event://own@other/deki/pages/create", "<e/>", 403)]
    [InlineData("event://other@own:8080/deki/pages/create", "<e wikiid=''/>", 200)]
    [InlineData("event://own/deki/pages/create", "FAR<e wikiid='own'/>", 403)]
    [InlineData("event://own/deki/pages/create", "<!DOCTYPE e><e wikiid='own'/>", 403)]
    [InlineData("event://own/deki/pages/create", "<e wikiid='own'>FAR</e>", 200)]
    public async Task KeyOfOneWikiAndStream_PublishesNothingElse(string channel, string body, int status)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await KeyApi.CreateAsync(
            server, """{"roles": ["publish"], "wikis": ["own"], "streams": ["deki.pages.*"]}""");
        var far = new string(' ', 65_536);
        var answer = await PublishAsync(
            server, $"?apikey={key}", body.Replace("FAR", far, StringComparison.Ordinal), channel: channel);
        answer.Status.ShouldBe(status, answer.Text);
        StoredRecords.Read(server).Count.ShouldBe(status == 200 ? 1 : 0);
    }

    [Theory]
    [InlineData("X-Dream-Event-Channel", "pubsub:///set/update", 403, "cannot be of scheme 'pubsub'")]
    [InlineData("X-Dream-Event-Channel", "PubSub:///set/update", 403, "cannot be of scheme 'pubsub'")]
    [InlineData("X-Dream-Event-Channel", "no channel", 400, "invalid uri syntax: no channel")]
    [InlineData("X-Dream-Event-Via-Uri", "BASE", 400, "Dispatch loop detected")]
    [InlineData("X-Dream-Event-Via-Uri", "http://a/x, BASE/,http://b/y", 400, "Dispatch loop detected")]
    [InlineData("X-Dream-Event-Via-Uri", "http://localhost:PORT/PUBSUB", 400, "Dispatch loop detected")]
    [InlineData("X-Dream-Event-Via-Uri", "MANY", 400, "more than 32 services")]
    [InlineData("X-Dream-Event-Id", "LONG", 400, "more than 512 bytes")]
    [InlineData("X-Dream-Event-Id", "WIDE", 400, "more than 512 bytes")]
    [InlineData("X-Dream-Event-Recipient-Uri", "HUGE", 400, "more than 16384 bytes")]
    public async Task HostileHeader_IsRefused(string name, string value, int status, string message)
    {
        await using var server = await RunningServer.StartAsync(("Hosting:HeaderBytesMax", "65536"));
        var key = await CreateAsync(server, "publisher", "\"publish\"");
        var filled = value switch
        {
            "MANY" => string.Join(',', Enumerable.Range(0, 33).Select(static n => $"http://v/{n}")),
            "LONG" => new string('x', 513),

            // The bytes of 257 letters, as the helper writes them.
            "WIDE" => string.Concat(Enumerable.Repeat("\u00c3\u00bc", 257)),
            "HUGE" => string.Join(',', Enumerable.Range(0, 800).Select(static n => $"http://recipient/{n}")),
            _ => value.Replace("BASE", $"{server.Address}pubsub", StringComparison.Ordinal)
                .Replace("PORT", $"{server.Address.Port}", StringComparison.Ordinal),
        };
        var answer = name == "X-Dream-Event-Channel"
            ? await PublishAsync(server, $"?apikey={key}", "<e/>", channel: filled)
            : await PublishAsync(server, $"?apikey={key}", "<e/>", [(name, filled)]);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Text.ShouldContain(message);
        StoredRecords.Read(server).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><deki-event><a>&x;</a></deki-event>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"&y;&y;\"><!ENTITY y \"boom\">]><deki-event>&x;&x;</deki-event>")]
    [InlineData("<a><a><a><a><a>DEEP")]
    [InlineData("<deki-event wikiid=\"default")]
    [InlineData("\u0000\u0001\ufffe")]
    public async Task HostileBody_IsPassedOnUnread(string text)
    {
        await using var server = await RunningServer.StartAsync();
        await using var recipient = await WebhookReceiver.StartAsync();
        var key = await CreateAsync(server, "publisher", "\"publish\", \"read\", \"subscribe\"");
        await DreamApi.CreateAsync(
            server, key, "loc1",
            "<a><uri.owner>http://o/</uri.owner><subscription><channel>event://*/*</channel>"
            + $"<recipient><uri>{recipient.Url}</uri></recipient></subscription></a>");
        var body = text.Replace(
            "DEEP", string.Concat(Enumerable.Repeat("<a>", 100_000)), StringComparison.Ordinal);
        var answer = await PublishAsync(server, $"?apikey={key}", body);
        answer.Status.ShouldBe(200, answer.Text);
        var received = (await recipient.WaitAsync(1))[0];
        Encoding.UTF8.GetString(received.Body).ShouldBe(body);
        received["x-dream-event-channel"].ShouldBe(Channel);
    }

    [Fact]
    public async Task EventThatIsTooLarge_IsRefused()
    {
        await using var server = await RunningServer.StartAsync(("Intake:EventBytesMax", "1024"));
        var key = await CreateAsync(server, "publisher", "\"publish\"");
        (await PublishAsync(server, $"?apikey={key}", new string('x', 1025))).Status.ShouldBe(413);
        (await PublishAsync(server, $"?apikey={key}", new string('x', 1024))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task CombinedSetOfOthers_IsForServicesThatChain()
    {
        await using var server = await RunningServer.StartAsync();
        var one = await CreateAsync(server, "one", "\"subscribe\"");
        var two = await CreateAsync(server, "two", "\"subscribe\"");
        var chain = await CreateAsync(server, "chain", "\"chain\"");
        await DreamApi.CreateAsync(server, one, "loc1", DreamApi.Set("1", "", "http://127.0.0.1:9/of-one"));
        await DreamApi.CreateAsync(server, two, "loc2", DreamApi.Set("2", "", "http://127.0.0.1:9/of-two"));
        var ofOne = (await DreamApi.SendAsync(server, "GET", $"?apikey={one}")).Text;
        ofOne.ShouldContain("of-one");
        ofOne.ShouldNotContain("of-two");
        ofOne.ShouldNotContain("service-key");
        var all = (await DreamApi.SendAsync(server, "GET", $"?apikey={chain}")).Text;
        all.ShouldContain("of-one");
        all.ShouldContain("of-two");
        all.ShouldContain("<name>service-key</name>");
        all.ShouldNotContain(chain);
    }

    private static Task<string> CreateAsync(RunningServer server, string id, string roles) => KeyApi.CreateAsync(
        server, $$"""{"id": "{{id}}", "roles": [{{roles}}], "networks": ["127.0.0.0/8"]}""");

    /// <summary>The token in the combined set that a key gets.</summary>
    private static async Task<string> TokenAsync(RunningServer server, string key)
    {
        await DreamApi.CreateAsync(server, key, "own", DreamApi.Set("own", "", "http://127.0.0.1:9/own"));
        var text = (await DreamApi.SendAsync(server, "GET", $"?apikey={key}")).Text;
        var start = text.IndexOf("wbp.", StringComparison.Ordinal);
        return text[start..text.IndexOf('<', start)];
    }

    private static Task<RawResponse> PublishAsync(
        RunningServer server, string query, string body, (string, string)[]? headers = null,
        string channel = Channel) => RawHttp.SendAsync(
            server.Address, "POST", "/pubsub/publish" + query,
            [
                ("Content-Type", "application/xml"), ("X-Dream-Event-Channel", channel),
                ("X-Dream-Event-Origin-Uri", "http://o/1"), .. headers ?? [],
            ],
            Encoding.UTF8.GetBytes(body));
}
