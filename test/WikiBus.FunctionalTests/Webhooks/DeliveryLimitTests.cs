using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Each limit of the section <c>Deliveries</c> is reached once, with its documented answer.</summary>
public sealed class DeliveryLimitTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);
    private readonly MovedClock _clock = new();

    [Theory]
    [InlineData("QueuedRecordsMax", "2", 0, 2)]
    [InlineData("QueuedBytesMax", "1048576", 400_000, 3)]
    [InlineData("ConcurrencyMax", "2", 0, 1)]
    public async Task RecipientThatHangs_GetsSoManyRequests_AndAnotherGetsAll(
        string option, string value, int fillerLength, int count)
    {
        var server = await _clock.StartServerAsync(($"Deliveries:{option}", value));
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hanging = await WebhookReceiver.StartAsync((_, _) => end.Task);
        await using var good = await WebhookReceiver.StartAsync();
        await SubscriptionApi.CreateAsync(server, good.Url, """{"id":"good","timeout":"10 min"}""");
        await AppendAsync(server, 1);
        await SettleAsync(server, "good");
        await SubscriptionApi.CreateAsync(server, hanging.Url, """{"id":"hangs","timeout":"10 min"}""");
        await AppendAsync(server, 5, fillerLength);
        await _clock.UntilAsync(s_step, () => Task.FromResult(hanging.Received.Count >= count));

        await AppendAsync(server, 1);
        await SettleAsync(server, "good");

        good.Received.Count.ShouldBe(7);
        hanging.Received.Count.ShouldBe(count);
        (await SubscriptionApi.GetAsync(server, "hangs")).GetProperty("lag").GetInt64().ShouldBe(6);
        if (option != "ConcurrencyMax")
        {
            (await MetricAsync(server, "wikibus_deliveries_queued_bytes"))
                .ShouldBeInRange(count * fillerLength, (count * fillerLength) + 10_000);
        }

        (await MetricAsync(server, "wikibus_deliveries_running")).ShouldBe(count);
        end.SetResult();
        await SettleAsync(server, "hangs");
        hanging.Received.Count.ShouldBe(6);
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task AheadRecordsMax_StopsReading_UntilTheRecordAtTheCursorIsSettled()
    {
        var server = await _clock.StartServerAsync(
            ("Deliveries:AheadRecordsMax", "100"), ("Deliveries:QueuedRecordsMax", "2"));
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hanging = await WebhookReceiver.StartAsync(
            (context, _) => context.Request.Headers["wikibus-offset"] == "0" ? end.Task : Task.CompletedTask);
        await using var good = await WebhookReceiver.StartAsync();
        await SubscriptionApi.CreateAsync(server, hanging.Url, """{"id":"hangs","timeout":"10 min"}""");
        await AppendAsync(server, 120);
        await _clock.UntilAsync(s_step, () => Task.FromResult(hanging.Received.Count >= 101));

        await SubscriptionApi.CreateAsync(server, good.Url, """{"id":"good","start":0}""");
        await SettleAsync(server, "good");

        hanging.Received.Count.ShouldBe(101);
        end.SetResult();
        await SettleAsync(server, "hangs");
        hanging.Received.Count.ShouldBe(120);
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task CatchUpReadersMax_LetsOthersWaitForTheirTurn()
    {
        await using var server = await RunningServer.StartAsync(("Deliveries:CatchUpReadersMax", "1"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await AppendAsync(server, 20);

        for (var number = 0; number < 5; number++)
        {
            await SubscriptionApi.CreateAsync(server, receiver.Url, """{"start":0}""");
        }

        await receiver.WaitAsync(100);
        server.Services.GetRequiredService<DeliveryEngine>().CatchUp.OpenCountMax.ShouldBe(1);
    }

    [Theory]
    [InlineData("DeadMax", "2", 0)]
    [InlineData("DeadBytesMax", "1048576", 600_000)]
    public async Task DeadDeliveries_SuspendAtTheLimit_UntilTheyAreDroppedAndSomebodyResumes(
        string option, string value, int fillerLength)
    {
        await using var server = await RunningServer.StartAsync(($"Deliveries:{option}", value));
        var status = 500;
        await using var receiver = await WebhookReceiver.StartAsync((context, _) => Answer(context, status));
        await SubscriptionApi.CreateAsync(server, receiver.Url, """{"id":"s","concurrency":1}""");
        await AppendAsync(server, 3, fillerLength);
        await SubscriptionApi.WaitAsync(server, "s", static one => one.GetProperty("waiting").GetInt32() == 3);
        await DeliveryBooks.AgeAsync(server);

        var suspended = await SubscriptionApi.WaitAsync(
            server, "s", static one => one.Text("state") == "suspended");

        (Number(suspended, "dead"), Number(suspended, "waiting")).ShouldBe((2, 1));
        server.Errors.Lines.ShouldContain(static line => line.StartsWith("Warning", StringComparison.Ordinal)
            && line.Contains("suspended and gets nothing until somebody resumes it: too many deliveries are dead"));
        status = 204;
        using var dropped = await KeyApi.SendAsync(
            server, HttpMethod.Delete, "/v1/dead-letters?subscription=s", KeyApi.AdminKey(server));
        (await KeyApi.ReadAsync(dropped)).GetProperty("dropped").GetInt32().ShouldBe(2);
        (await SubscriptionApi.GetAsync(server, "s")).Text("state").ShouldBe("suspended");
        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/s/resume", 200);
        await SubscriptionApi.WaitAsync(server, "s", static one => Number(one, "waiting") == 0);
    }

    [Fact]
    public async Task WaitingBytesMax_IsForAll_AndAQuarterForOneKey()
    {
        var server = await _clock.StartServerAsync(("Deliveries:WaitingBytesMax", "1048576"));
        var status = 500;
        await using var receiver = await WebhookReceiver.StartAsync((context, _) => Answer(context, status));
        string[] owners = ["a", "b", "c", "d", "e", "f"];
        foreach (var owner in owners)
        {
            var key = await SubscriptionApi.SubscriberAsync(server, owner);
            await SubscriptionApi.CreateAsync(
                server, receiver.Url, $$"""{"id":"{{owner}}","timeout":"10 min","concurrency":1}""", key);
        }

        await AppendAsync(server, 4, fillerLength: 100_000);

        // Two records fit into the quarter of a key, and ten into all.
        await _clock.UntilAsync(s_step, async () => (await WaitingAsync(server)).Sum() == 10);
        (await WaitingAsync(server)).ShouldAllBe(static count => count <= 2);
        (await MetricAsync(server, """wikibus_deliveries_stored_bytes{kind="waiting"}"""))
            .ShouldBeInRange(1_000_000, 1 << 20);
        var lags = await Task.WhenAll(owners.Select(owner => SubscriptionApi.GetAsync(server, owner)));
        lags.ShouldAllBe(static one => one.GetProperty("lag").GetInt64() >= 2);
        status = 204;
        foreach (var owner in owners)
        {
            await _clock.UntilAsync(TimeSpan.FromSeconds(1), server, owner, static one =>
                one.GetProperty("lag").GetInt64() == 0 && Number(one, "waiting") == 0);
        }

        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task DeadAgeMax_RemovesOldDeadDeliveries_WhichAreCountedAndLogged()
    {
        var server = await _clock.StartServerAsync(("Deliveries:DeadAgeMax", "1 min"));
        await using var receiver = await WebhookReceiver.StartAsync(static (context, _) => Answer(context, 500));
        await SubscriptionApi.CreateAsync(server, receiver.Url, """{"id":"s","timeout":"10 min"}""");
        await AppendAsync(server, 2);
        await _clock.UntilAsync(s_step, server, "s", static one => Number(one, "waiting") == 2);
        await DeliveryBooks.AgeAsync(server);
        await _clock.UntilAsync(s_step, server, "s", static one => Number(one, "dead") == 2);

        await _clock.UntilAsync(TimeSpan.FromSeconds(10), server, "s", static one => Number(one, "dead") == 0);

        server.Errors.Lines.ShouldContain(static line => line.Contains(
            "Dropped 2 dead deliveries of the subscription s, older than Deliveries:DeadAgeMax"));
        (await MetricAsync(server, """wikibus_deliveries_dropped_total{feature="webhooks"}""")).ShouldBe(2);
        (await WhyAsync(server)).ShouldBe("dropped");
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task HistoryAgeMax_RemovesOldTries()
    {
        var server = await _clock.StartServerAsync(("Deliveries:HistoryAgeMax", "1 min"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await SubscriptionApi.CreateAsync(server, receiver.Url, """{"id":"s","timeout":"10 min"}""");
        await AppendAsync(server, 2);
        await SettleAsync(server, "s");
        await _clock.UntilAsync(s_step, async () => await CountTriesAsync(server) == 2);
        (await WhyAsync(server)).ShouldBe("delivered");

        await _clock.UntilAsync(TimeSpan.FromSeconds(10), async () => await CountTriesAsync(server) == 0);

        (await WhyAsync(server)).ShouldBe("settled");
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task Timeout_FailsATry()
    {
        var server = await _clock.StartServerAsync(("Deliveries:Timeout", "1 min"));
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await WebhookReceiver.StartAsync((_, _) => end.Task);
        await SubscriptionApi.CreateAsync(server, receiver.Url, """{"id":"s"}""");
        await AppendAsync(server, 1);
        await receiver.WaitAsync(1);

        await _clock.UntilAsync(TimeSpan.FromSeconds(10), server, "s", static one => Number(one, "waiting") == 1);

        var waiting = await SubscriptionApi.GetAsync(server, "s");
        waiting.GetProperty("lastError").Text("message").ShouldStartWith("timeout: ");
        end.SetResult();
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task ConnectTimeout_IsDown()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var network = new MappedNetwork(receiver.Url)
        {
            BeforeConnect = static token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token),
        };
        var server = await _clock.StartServerAsync(
            services => services.AddSingleton<INetwork>(network), ("Deliveries:ConnectTimeout", "5 s"));
        await SubscriptionApi.CreateAsync(server, "http://8.8.8.8/", """{"id":"s","timeout":"10 min"}""");
        await AppendAsync(server, 1);

        await _clock.UntilAsync(TimeSpan.FromSeconds(1), server, "s", static one => one.Text("state") == "down");

        var down = await SubscriptionApi.GetAsync(server, "s");
        down.Text("reason").ShouldBe("connect-timeout");
        down.GetProperty("lastError").Text("message").ShouldContain("5 s");
        await _clock.DisposeAsync(server);
    }

    private static Task AppendAsync(RunningServer server, int count, int fillerLength = 0) => TestEvents.AppendAsync(
        server,
        [
            .. Enumerable.Range(0, count).Select(number => (
                "a.event",
                TestEvents.Json("a.event", number, more: $",\"filler\":\"{new string('x', fillerLength)}\""))),
        ]);

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static int Number(JsonElement subscription, string name) => subscription.GetProperty(name).GetInt32();

    private static async Task<List<int>> WaitingAsync(RunningServer server) =>
    [
        .. (await SubscriptionApi.CallAsync(server, HttpMethod.Get, "", 200)).GetProperty("items").EnumerateArray()
            .Select(static one => Number(one, "waiting")),
    ];

    private static async Task<int> CountTriesAsync(RunningServer server) =>
        (await SubscriptionApi.CallAsync(server, HttpMethod.Get, "/s/deliveries", 200)).GetProperty("items")
            .GetArrayLength();

    private static async Task<string> WhyAsync(RunningServer server)
    {
        using var answer = await KeyApi.SendAsync(
            server, HttpMethod.Get, "/v1/why?record=a.event@0&subscription=s", KeyApi.AdminKey(server));
        return (await KeyApi.ReadAsync(answer)).Text("state");
    }

    private static async Task<long> MetricAsync(RunningServer server, string name)
    {
        using var answer = await KeyApi.SendAsync(server, HttpMethod.Get, "/metrics", KeyApi.AdminKey(server));
        var text = await answer.Content.ReadAsStringAsync(TestTime.Token());
        var line = text.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private Task SettleAsync(RunningServer server, string id) =>
        _clock.UntilAsync(s_step, server, id, static one => one.GetProperty("lag").GetInt64() == 0);
}
