using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Tests.Deliveries.Guard;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>
/// Subscriptions of the key alice to hostile URLs, and to names that get blocked addresses. At first the key may target
/// every network, and all arrive at one receiver.
/// </summary>
internal sealed class HostileSubscriptions : IAsyncDisposable
{
    /// <summary>Some of these can never be allowed, so only a name can have them.</summary>
    public static readonly string[] BlockedAddresses =
    [
        "0.0.0.0", "127.0.0.1", "10.0.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.255", "5.6.7.8", "::", "::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1", "fd00:ec2::254", "ff02::1",
    ];

    private const string Everything = """["0.0.0.0/0","::/0"]""";
    private const string Public = "8.8.8.8";

    private RunningServer? _server;
    private WebhookReceiver? _receiver;
    private MappedNetwork? _network;
    private int _connectCount;
    private int _receivedCount;

    public MovedClock Clock { get; } = new();

    public RunningServer Server => _server!;

    public WebhookReceiver Receiver => _receiver!;

    /// <summary>The ids of all.</summary>
    public List<string> Ids { get; } = [];

    /// <summary>What the receiver answers.</summary>
    public int Status { get; set; } = 204;

    public static async Task<HostileSubscriptions> StartAsync()
    {
        var hostile = new HostileSubscriptions();
        hostile._receiver = await WebhookReceiver.StartAsync(hostile.AnswerAsync);
        var network = hostile._network = new MappedNetwork(hostile.Receiver.Url);
        hostile._server = await hostile.Clock.StartServerAsync(
            services => services.AddSingleton<INetwork>(network));
        network.Name("localhost", "127.0.0.1");
        network.Name("a.localhost", "127.0.0.1");
        var names = Enumerable.Range(0, BlockedAddresses.Length).Select(static number => $"moves-{number}.example");
        foreach (var name in names)
        {
            network.Name(name, Public);
        }

        await hostile.CreateAsync(names.Select(static name => $"http://{name}/"));
        return hostile;
    }

    /// <summary>Sends the next event to all, and waits until each has had its answer.</summary>
    public async Task SendAsync(int number, int status, Func<JsonElement, bool> isAnswered)
    {
        Status = status;
        await TestEvents.AppendAsync(Server, "a.event", number);
        await UntilAllAsync(TimeSpan.FromMilliseconds(20), isAnswered);
        Receiver.Received.Select(static one => one["webhook-id"]).Distinct().Count().ShouldBe(Ids.Count);
    }

    /// <summary>Takes the networks from the key, and gives the names blocked addresses.</summary>
    public async Task LoseNetworksAsync()
    {
        for (var number = 0; number < BlockedAddresses.Length; number++)
        {
            _network!.Name($"moves-{number}.example", BlockedAddresses[number]);
        }

        (await KeyApi.StatusAsync(
            Server, HttpMethod.Put, "/v1/keys/alice", KeyApi.AdminKey(Server),
            """{"roles":["subscribe","read"],"networks":[]}""")).ShouldBe(200);
        (_connectCount, _receivedCount) = (_network!.Connects.Count, Receiver.Received.Count);
    }

    /// <summary>Moves the clock until the guard has stopped a request of each, and for some probes more.</summary>
    public async Task AreStoppedByTheGuardAsync()
    {
        await UntilAllAsync(
            TimeSpan.FromSeconds(1), static one => one.IsDown("guard"));
        var until = Clock.Now.AddMinutes(5);
        await Clock.UntilAsync(TimeSpan.FromSeconds(20), () => Task.FromResult(Clock.Now >= until));
        (await ListAsync()).ShouldAllBe(static one => one.IsDown("guard"));
    }

    /// <summary>Nothing was sent, and no connection made, since the key lost its networks.</summary>
    public void HaveReachedNothing()
    {
        _network!.Connects.Count.ShouldBe(_connectCount);
        Receiver.Received.Count.ShouldBe(_receivedCount);
    }

    public async ValueTask DisposeAsync()
    {
        await Clock.DisposeAsync(Server);
        await Receiver.DisposeAsync();
    }

    // Those that not even this key may target are refused.
    private async Task CreateAsync(IEnumerable<string> more)
    {
        var key = await SubscriptionApi.SubscriberAsync(Server, "alice", $$"""{"networks":{{Everything}}}""");
        var urls = HostileUrls.BlockedAtCreation.Select(static row => row.Data.Item1)
            .Where(static url => !url.StartsWith("https:", StringComparison.Ordinal));
        foreach (var url in urls.Concat(more))
        {
            using var created = await KeyApi.SendAsync(
                Server, HttpMethod.Post, SubscriptionApi.Path, key,
                SubscriptionApi.Body(url, """{"streams":["a.*"],"timeout":"10 min"}"""));
            if ((int)created.StatusCode == 201)
            {
                Ids.Add((await KeyApi.ReadAsync(created)).Text("id"));
            }
        }
    }

    private async Task<List<JsonElement>> ListAsync() =>
        [.. (await SubscriptionApi.CallAsync(Server, HttpMethod.Get, "?limit=1000", 200))
            .GetProperty("items").EnumerateArray()];

    private Task UntilAllAsync(TimeSpan step, Func<JsonElement, bool> condition) =>
        Clock.UntilAsync(step, async () => (await ListAsync()).TrueForAll(one => condition(one)));

    private Task AnswerAsync(HttpContext context, int number)
    {
        context.Response.StatusCode = Status;
        return Task.CompletedTask;
    }
}
