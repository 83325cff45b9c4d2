using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>The guard checks every request, whatever it is for. Blocked targets are not even connected to.</summary>
public sealed class HostileTargetTests
{
    [Theory]
    [InlineData("next record")]
    [InlineData("retry")]
    [InlineData("probe")]
    [InlineData("resume")]
    [InlineData("replay")]
    [InlineData("test")]
    public async Task KeyThatLosesItsNetworks_ReachesNothing(string request)
    {
        await using var hostile = await HostileSubscriptions.StartAsync();
        hostile.Ids.Count.ShouldBeGreaterThanOrEqualTo(60);
        switch (request)
        {
            case "retry":
                await hostile.SendAsync(0, 500, static one => one.GetProperty("waiting").GetInt32() == 1);
                break;
            case "probe" or "resume":
                await hostile.SendAsync(0, 503, static one => one.IsDown("unavailable"));
                break;
            default:
                await hostile.SendAsync(0, 204, static one => one.GetProperty("lag").GetInt64() == 0);
                break;
        }

        hostile.Status = 204;
        await hostile.LoseNetworksAsync();
        await BeginAsync(hostile, request);

        if (request != "test")
        {
            await hostile.AreStoppedByTheGuardAsync();
        }

        hostile.HaveReachedNothing();
    }

    [Fact]
    public async Task NameThatMovesToABlockedAddress_ReachesNothing()
    {
        var isClosing = true;
        await using var receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.Headers.Connection = Volatile.Read(ref isClosing) ? "close" : "";
            return Task.CompletedTask;
        });
        var network = new MappedNetwork(receiver.Url);
        await using var server = await RunningServer.StartAsync(services => services.AddSingleton<INetwork>(network));
        var key = await SubscriptionApi.SubscriberAsync(server, "alice", """{"networks":[]}""");
        var blocked = HostileSubscriptions.BlockedAddresses;
        for (var number = 0; number < blocked.Length; number++)
        {
            network.Name($"{number}.example", "8.8.8.8");
            await SubscriptionApi.CreateAsync(
                server, $"http://{number}.example/", $$"""{"id":"s-{{number}}","streams":["a.*"]}""", key);
        }

        await TestEvents.AppendAsync(server, "a.event", 0);
        await receiver.WaitAsync(blocked.Length);
        for (var number = 0; number < blocked.Length; number++)
        {
            await SubscriptionApi.WaitAsync(
                server, $"s-{number}", static one => one.GetProperty("lag").GetInt64() == 0);
            network.Name($"{number}.example", blocked[number]);
        }

        await TestEvents.AppendAsync(server, "a.event", 1);

        for (var number = 0; number < blocked.Length; number++)
        {
            await SubscriptionApi.WaitAsync(
                server, $"s-{number}", static one => one.IsDown("guard"));
        }

        network.Connects.ShouldAllBe(static address => address.Equals(IPAddress.Parse("8.8.8.8")));
        receiver.Received.Count.ShouldBe(blocked.Length);
    }

    [Fact]
    public async Task DeclaredSubscription_ReachesNothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var network = new MappedNetwork(receiver.Url);
        var blocked = HostileSubscriptions.BlockedAddresses;
        for (var number = 0; number < blocked.Length; number++)
        {
            network.Name($"{number}.example", blocked[number]);
        }

        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<INetwork>(network),
            [
                .. Enumerable.Range(0, blocked.Length).SelectMany(static number => ((string, string)[])
                [
                    ($"Webhooks:Subscriptions:{number}:id", $"s-{number}"),
                    ($"Webhooks:Subscriptions:{number}:url", $"http://{number}.example/"),
                    ($"Webhooks:Subscriptions:{number}:secret", SubscriptionApi.Secret),
                ]),
            ]);
        await TestEvents.AppendAsync(server, "a.event", 0);

        for (var number = 0; number < blocked.Length; number++)
        {
            await SubscriptionApi.WaitAsync(
                server, $"s-{number}", static one => one.IsDown("guard"));
            (await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/s-{number}/test", 400)).Detail()
                .ShouldContain("blocked");
        }

        network.Connects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Redirect_IsNotFollowed_ByDeliveriesAndTests()
    {
        int[] statuses = [301, 302, 303, 307, 308];
        await using var receiver = await WebhookReceiver.StartAsync((context, number) =>
        {
            context.Response.StatusCode = statuses[number % statuses.Length];
            context.Response.Headers.Location = "http://127.0.0.1/";
            return Task.CompletedTask;
        });
        var network = new MappedNetwork(receiver.Url);
        await using var server = await RunningServer.StartAsync(services => services.AddSingleton<INetwork>(network));
        var id = (await SubscriptionApi.CreateAsync(server, "http://8.8.8.8/")).Text("id");

        await TestEvents.AppendAsync(server, "a.event", [.. Enumerable.Range(0, statuses.Length)]);

        await SubscriptionApi.WaitAsync(
            server, id, one => one.GetProperty("waiting").GetInt32() == statuses.Length);
        (await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/test", 200)).GetProperty("status").GetInt32()
            .ShouldBeInRange(301, 308);
        network.Connects.ShouldAllBe(static address => address.Equals(IPAddress.Parse("8.8.8.8")));
        receiver.Received.Count.ShouldBe(statuses.Length + 1);
    }

    [Fact]
    public async Task AllowedTargets_AreReached()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var network = new MappedNetwork(receiver.Url);
        network.Name("public.example", "1.0.0.1");
        network.Name("mixed.example", "10.0.0.1", "9.9.9.9");
        network.Name("intranet.example", "10.9.9.9");
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<INetwork>(network), ("Deliveries:AllowedNetworks:0", "192.168.7.0/24"));
        var key = await SubscriptionApi.SubscriberAsync(
            server, "alice", """{"networks":["10.1.0.0/16","fd00:1::/32","127.0.0.1"],"hosts":["intranet.example"]}""");
        string[] urls =
        [
            "http://8.8.8.8/", "http://1.1.1.1:8080/hook", "http://67372036/", "http://[2606:4700:4700::1111]/",
            "http://public.example/", "http://mixed.example/", "http://intranet.example:81/", "http://10.1.2.3/",
            "http://[fd00:1::5]/", "http://192.168.7.7/", "http://127.0.0.1:82/",
        ];
        for (var number = 0; number < urls.Length; number++)
        {
            await SubscriptionApi.CreateAsync(
                server, urls[number], $$"""{"id":"s-{{number}}","streams":["a.*"]}""", key);
        }

        await TestEvents.AppendAsync(server, "a.event", 0);
        await receiver.WaitAsync(urls.Length);

        network.Connects.Select(static address => address.ToString()).Order(StringComparer.Ordinal).ShouldBe(
        [
            "1.0.0.1", "1.1.1.1", "10.1.2.3", "10.9.9.9", "127.0.0.1", "192.168.7.7", "2606:4700:4700::1111", "4.4.4.4",
            "8.8.8.8", "9.9.9.9", "fd00:1::5",
        ]);
        for (var number = 0; number < urls.Length; number++)
        {
            (await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/s-{number}/test", 200))
                .GetProperty("status").GetInt32().ShouldBe(204);
        }
    }

    private static async Task BeginAsync(HostileSubscriptions hostile, string request)
    {
        switch (request)
        {
            case "next record":
                await TestEvents.AppendAsync(hostile.Server, "a.event", 1);
                break;
            case "resume":
                await EachAsync(hostile, "/resume", 200);
                break;
            case "replay":
                await EachAsync(hostile, "/replay", 200, """{"from":0}""");
                break;
            case "test":
                await EachAsync(hostile, "/test", 400);
                break;
        }
    }

    private static async Task EachAsync(HostileSubscriptions hostile, string path, int status, string? body = null)
    {
        foreach (var id in hostile.Ids)
        {
            await SubscriptionApi.CallAsync(hostile.Server, HttpMethod.Post, $"/{id}{path}", status, body);
        }
    }
}
