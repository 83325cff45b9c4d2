using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>A key that may subscribe tries to get more than that.</summary>
public sealed class HostileTenantTests
{
    [Theory]
    [InlineData("PUT", "")]
    [InlineData("POST", "/rotate")]
    [InlineData("POST", "/replay")]
    public async Task LateBody_DoesNotChangeTheSubscriptionThatHasTheIdMeanwhile(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();
        var (thief, victim) = (
            await SubscriptionApi.SubscriberAsync(server, "thief"),
            await SubscriptionApi.SubscriberAsync(server, "victim"));
        await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/thief", """{"id":"index"}""", thief);
        var body = path switch
        {
            "" => """{"url":"http://127.0.0.1:1/thief"}""",
            "/rotate" => $$"""{"secret":"{{SubscriptionApi.Secret}}"}""",
            _ => """{"from":0}""",
        };
        using var client = new HttpClient(
            new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = TestTime.Limit });
        using var content = new HeldContent(body);
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(server.Address, $"/v1/subscriptions/index{path}")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", thief);
        request.Headers.ExpectContinue = true;

        // The server asks for the body when it has found the subscription.
        var sending = client.SendAsync(request, TestTime.Token());
        await content.Started.WaitAsync(TestTime.Limit);
        await SubscriptionApi.CallAsync(server, HttpMethod.Delete, "/index", 200, key: thief);
        var created = await SubscriptionApi.CreateAsync(
            server, "http://127.0.0.1:1/victim", """{"id":"index"}""", victim);
        content.Release();

        using var answer = await sending;
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var found = await SubscriptionApi.GetAsync(server, "index", victim);
        (found.Text("url"), found.Text("owner")).ShouldBe(("http://127.0.0.1:1/victim", "victim"));
        found.GetProperty("cursor").GetRawText().ShouldBe(created.GetProperty("cursor").GetRawText());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{\"url\":\"URL\",\"url\":7}")]
    [InlineData("{\"url\":\"URL\",\"id\":\"a\\u0000b\"}")]
    [InlineData("{\"url\":\"URL\",\"id\":\"\\ud800\"}")]
    [InlineData("{\"url\":\"URL\",\"id\":\"a.b\"}")]
    [InlineData("{\"url\":\"URL\",\"id\":\"../x\"}")]
    [InlineData("{\"url\":\"URL\",\"streams\":\"a\"}")]
    [InlineData("{\"url\":\"URL\",\"streams\":[null]}")]
    [InlineData("{\"url\":\"URL\",\"streams\":[\"a\\r\\nb\"]}")]
    [InlineData("{\"url\":\"URL\",\"streams\":[\"\\ud800\"]}")]
    [InlineData("{\"url\":\"URL\",\"wikis\":[\"a b\"]}")]
    [InlineData("{\"url\":\"URL\",\"channel\":\"\\u0000\"}")]
    [InlineData("{\"url\":\"URL\",\"filter\":[[\"x=1\"]]}")]
    [InlineData("{\"url\":\"URL\",\"filter\":{}}")]
    [InlineData("{\"url\":\"URL\",\"filter\":\"\\udfff=1\"}")]
    [InlineData("{\"url\":\"URL\",\"start\":-1}")]
    [InlineData("{\"url\":\"URL\",\"start\":1e400}")]
    [InlineData("{\"url\":\"URL\",\"start\":99999999999999999999}")]
    [InlineData("{\"url\":\"URL\",\"start\":\"@\"}")]
    [InlineData("{\"url\":\"URL\",\"start\":\"x@99999999999999999999\"}")]
    [InlineData("{\"url\":\"URL\",\"start\":[]}")]
    [InlineData("{\"url\":\"URL\",\"order\":\"KEY\"}")]
    [InlineData("{\"url\":\"URL\",\"concurrency\":0}")]
    [InlineData("{\"url\":\"URL\",\"concurrency\":1.5}")]
    [InlineData("{\"url\":\"URL\",\"concurrency\":99999999999}")]
    [InlineData("{\"url\":\"URL\",\"timeout\":\"-1 s\"}")]
    [InlineData("{\"url\":\"URL\",\"timeout\":\"1e99 s\"}")]
    [InlineData("{\"url\":\"URL\",\"expireAfter\":\"99999999999999999 d\"}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"X\":\"a\\r\\nY: b\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"X\\r\\nY\":\"b\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"X\":\"\\u0000\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"\\ud800\":\"b\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"X\":7}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"X\":null}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"X\":\"a\",\"x\":\"b\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"Via\":\"x\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"webhook-signature\":\"x\"}}")]
    [InlineData("{\"url\":\"URL\",\"headers\":{\"Transfer-Encoding\":\"chunked\"}}")]
    [InlineData("{\"url\":\"URL\",\"secret\":\"whsec_\"}")]
    [InlineData("{\"url\":\"URL\",\"secret\":\"whsec_\\ud800\"}")]
    [InlineData("{\"url\":\"URL\",\"secret\":[]}")]
    [InlineData("{\"url\":\"URL\",\"owner\":\"admin\"}")]
    [InlineData("{\"url\":\"URL\",\"Url\":\"URL\",\"number\":1}")]
    [InlineData("{\"url\":\"URL\"")]
    [InlineData("{\"url\":\"URL\"}{}")]
    [InlineData("{\"url\":\"\\ud800\"}")]
    [InlineData("{\"url\":\"http://127.0.0.1:99999/\"}")]
    [InlineData("{\"url\":\"http://\\u0000/\"}")]
    [InlineData("")]
    public async Task HostileBody_IsRefused_ByCreateAndReplace(string body)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await SubscriptionApi.SubscriberAsync(server, "alice");
        var known = await SubscriptionApi.CreateAsync(
            server, "http://127.0.0.1:1/", """{"id":"s"}""", key);
        var text = body.Replace("URL", "http://127.0.0.1:1/", StringComparison.Ordinal);

        (await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 400, text, key)).Detail().ShouldNotBeEmpty();
        using var replaced = await KeyApi.SendAsync(
            server, HttpMethod.Put, "/v1/subscriptions/s", key, text);
        ((int)replaced.StatusCode).ShouldBeOneOf(400, 403);
        (await SubscriptionApi.GetAsync(server, "s", key)).Text("url").ShouldBe(known.Text("url"));
    }

    [Fact]
    public async Task DeepHugeAndBrokenJson_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await SubscriptionApi.SubscriberAsync(server, "alice");
        var deep = $$"""{"url":{{new string('[', 50_000)}}""";
        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 400, deep, key);
        var huge = $$"""{"url":"{{new string('x', 300_000)}}"}""";
        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 413, huge, key);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/subscriptions")
        {
            Content = new ByteArrayContent([.. "{\"url\":\""u8, 0xC3, 0x28, .. "\"}"u8]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await server.Client.SendAsync(request, TestTime.Token());
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=99999999999")]
    [InlineData("?limit=-1")]
    public async Task HostilePage_IsRefused(string query)
    {
        await using var server = await RunningServer.StartAsync();
        await SubscriptionApi.CallAsync(server, HttpMethod.Get, query, 400);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\"")]
    [InlineData("\"1-2\", W/\"1-1\", bad bad")]
    [InlineData("W/\"1-1\"")]
    [InlineData("\"\"")]
    [InlineData("")]
    public async Task StrangeEntityTag_DoesNotMatch(string tag)
    {
        await using var server = await RunningServer.StartAsync();
        await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/", """{"id":"s"}""");

        await SubscriptionApi.CallAsync(
            server, HttpMethod.Put, "/s", 412, SubscriptionApi.Body("http://127.0.0.1:2/"), key: null,
            ("If-Match", tag));
    }

    /// <summary>A body that is sent when the test says so.</summary>
    private sealed class HeldContent(string text) : HttpContent
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _started.SetResult();
            await _released.Task;
            await stream.WriteAsync(_bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
