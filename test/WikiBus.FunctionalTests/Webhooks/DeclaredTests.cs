using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Hosting;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Subscriptions that the configuration declares.</summary>
public sealed class DeclaredTests
{
    private static readonly (string, string) s_allowed = ("Deliveries:AllowedNetworks:0", "127.0.0.0/8");

    [Fact]
    public async Task DeclaredSubscription_ReadsEverything_AndRequestsCannotChangeIt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync(Declare(receiver.Url));
        await TestEvents.AppendAsync(server, "a.event", 0);

        DeliveryTests.Verify((await receiver.WaitAsync(1))[0], SubscriptionApi.Secret);
        var shown = await SubscriptionApi.GetAsync(server, "index");
        (shown.Text("owner"), shown.Text("order")).ShouldBe(("wikibus.json", "key"));
        const string Detail = "The configuration declares this subscription; change it there.";
        foreach (var (method, path) in ((HttpMethod, string)[])
            [(HttpMethod.Put, "/index"), (HttpMethod.Delete, "/index"), (HttpMethod.Post, "/index/rotate")])
        {
            (await SubscriptionApi.CallAsync(server, method, path, 409, SubscriptionApi.Body(receiver.Url)))
                .Detail().ShouldBe(Detail);
        }

        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/index/pause", 200);
        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/index/resume", 200);
    }

    [Fact]
    public async Task DeclaredSubscriptionThatLeaves_IsPaused_AndContinuesWhenItComesBack()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync(Declare(receiver.Url));
        await server.RestartAsync();
        (await SubscriptionApi.GetAsync(server, "index")).Text("state").ShouldBe("paused");
        server.Errors.Lines.ShouldContain(static message => message.Contains(
            "Subscription index is no longer in the configuration: it is paused", StringComparison.Ordinal));
        await TestEvents.AppendAsync(server, "a.event", 0);

        await server.RestartAsync([.. Declare(receiver.Url), ("Webhooks:Subscriptions:0:concurrency", "2")]);

        (await receiver.WaitAsync(1))[0]["wikibus-offset"].ShouldBe("0");
        (await SubscriptionApi.GetAsync(server, "index")).GetProperty("concurrency").GetInt32().ShouldBe(2);
        await server.RestartAsync();
        await SubscriptionApi.CallAsync(server, HttpMethod.Delete, "/index", 200);
    }

    [Fact]
    public async Task DeclaredIdOfAKeysSubscription_IsAnError()
    {
        await using var server = await RunningServer.StartAsync();
        await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/", """{"id":"index"}""");
        server.Errors.Expect("The configuration declares the subscription index, but the key admin has one");

        await server.RestartAsync(Declare("http://127.0.0.1:2/"));

        (await SubscriptionApi.GetAsync(server, "index")).Text("url").ShouldBe("http://127.0.0.1:1/");
    }

    [Theory]
    [InlineData("id", "", "Webhooks:Subscriptions:0: id: it is needed")]
    [InlineData("secret", "", "Webhooks:Subscriptions:0: secret: it is needed; .*")]
    [InlineData("url", "http://10.0.0.1/", "Webhooks:Subscriptions:0: url: The target is blocked: .*")]
    [InlineData("colour", "red", "Webhooks:Subscriptions:0: colour: there is no such member; .*")]
    [InlineData("concurrency", "many", "Webhooks:Subscriptions:0: concurrency: 1 to 1000 is allowed")]
    [InlineData("filter:0", "nonsense", "Webhooks:Subscriptions:0: filter: .*")]
    [InlineData("headers:Host", "x", "Webhooks:Subscriptions:0: headers: The header 'Host' cannot be set.")]
    public async Task WrongDeclaration_IsAFaultOfTheConfiguration(string member, string value, string fault)
    {
        var path = $"Webhooks:Subscriptions:0:{member}";
        var options = Declare("http://127.0.0.1:1/").Where(option => option.Item1 != path).Append((path, value));

        (await Should.ThrowAsync<StartupException>(RunningServer.StartAsync([.. options]))).Message
            .ShouldMatch(fault);
    }

    [Fact]
    public async Task SameIdTwice_IsAFaultOfTheConfiguration()
    {
        var options = Declare("http://127.0.0.1:1/").Concat(Declare("http://127.0.0.1:1/", number: 1)).Distinct();

        (await Should.ThrowAsync<StartupException>(RunningServer.StartAsync([.. options]))).Message
            .ShouldContain("Webhooks:Subscriptions:1: id: 'index' is there twice");
    }

    private static (string, string)[] Declare(string url, int number = 0) =>
    [
        s_allowed,
        ($"Webhooks:Subscriptions:{number}:id", "index"),
        ($"Webhooks:Subscriptions:{number}:url", url),
        ($"Webhooks:Subscriptions:{number}:secret", SubscriptionApi.Secret),
    ];
}
