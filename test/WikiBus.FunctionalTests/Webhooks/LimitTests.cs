using System.Text.Json;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Each limit of a subscription, and its answer.</summary>
public sealed class LimitTests
{
    private const string Url = "http://127.0.0.1:1/";

    [Fact]
    public async Task SeventeenthTestAtOnce_IsBusy()
    {
        await using var server = await RunningServer.StartAsync();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await WebhookReceiver.StartAsync((_, _) => end.Task);
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url)).Text("id");
        var tests = Enumerable.Range(0, 16)
            .Select(_ => SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/test", 200)).ToList();
        await receiver.WaitAsync(16);

        using var busy = await KeyApi.SendAsync(
            server, HttpMethod.Post, $"{SubscriptionApi.Path}/{id}/test", KeyApi.AdminKey(server));
        ((int)busy.StatusCode).ShouldBe(503);
        busy.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await KeyApi.ReadAsync(busy)).Detail().ShouldBe("16 test requests run already.");

        end.SetResult();
        (await Task.WhenAll(tests)).ShouldAllBe(static one => one.GetProperty("status").GetInt32() == 204);
        await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/test", 200);
    }

    [Fact]
    public async Task SubscriptionsPerKeyMax_IsAThousand_AndTheListPagesThroughThem()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await SubscriptionApi.SubscriberAsync(server, "alice");
        await Parallel.ForAsync(0, 1_000, TestTime.Token(), async (number, _) =>
            await SubscriptionApi.CreateAsync(server, Url, $$"""{"id":"s-{{number}}"}""", key));

        (await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 409, SubscriptionApi.Body(Url), key)).Detail()
            .ShouldBe("The key has as many subscriptions as Webhooks:SubscriptionsPerKeyMax allows.");
        await SubscriptionApi.CreateAsync(server, Url, "{}", await SubscriptionApi.SubscriberAsync(server, "bob"));
        var listed = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = await SubscriptionApi.CallAsync(
                server, HttpMethod.Get, $"?limit=300&after={after}", 200, key: key);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(static one => one.Text("id")));
            after = page.GetProperty("next").GetString();
        }

        listed.ShouldBe(
            Enumerable.Range(0, 1_000).Select(static n => $"s-{n}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NewOwnerWithSubscriptionsPerKeyMax_IsRefused()
    {
        await using var server = await RunningServer.StartAsync(("Webhooks:SubscriptionsPerKeyMax", "2"));
        var taker = await SubscriptionApi.SubscriberAsync(server, "taker");
        await SubscriptionApi.CreateAsync(server, Url, key: taker);
        string[] ids =
        [
            (await SubscriptionApi.CreateAsync(server, Url)).Text("id"),
            (await SubscriptionApi.CreateAsync(server, Url)).Text("id"),
        ];

        var answers = await Task.WhenAll(ids.Select(id => KeyApi.SendAsync(
            server, HttpMethod.Put, $"{SubscriptionApi.Path}/{id}", KeyApi.AdminKey(server),
            SubscriptionApi.Body(Url, """{"owner":"taker"}"""))));

        answers.Select(static one => (int)one.StatusCode).Order().ShouldBe([200, 409]);
        (await KeyApi.ReadAsync(answers.Single(static one => (int)one.StatusCode == 409))).Detail()
            .ShouldBe("The key has as many subscriptions as Webhooks:SubscriptionsPerKeyMax allows.");
    }

    [Fact]
    public async Task LargeBody_IsRefusedOnEachRoute()
    {
        await using var server = await RunningServer.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, Url)).Text("id");
        var body = $$"""{"url":"{{new string('a', 256 << 10)}}"}""";

        foreach (var (method, path) in ((HttpMethod, string)[])
            [(HttpMethod.Put, ""), (HttpMethod.Post, "/replay"), (HttpMethod.Post, "/rotate")])
        {
            (await SubscriptionApi.CallAsync(server, method, $"/{id}{path}", 413, body)).Detail()
                .ShouldBe("The body is larger than 262144 bytes.");
        }
    }

    [Theory]
    [InlineData("id", 65, "id: letters, digits, '_' and '-', at most 64, are allowed")]
    [InlineData("url", 2_001, "url: .*2,?000.*")]
    [InlineData("start", 301, "start: 'now', a position, .* are allowed")]
    [InlineData("secret", 2_000, "secret: A secret begins with 'whsec_'.")]
    public async Task LongText_IsRefused(string member, int length, string detail)
    {
        await using var server = await RunningServer.StartAsync();
        var text = (member == "url" ? "http://127.0.0.1/" : "").PadRight(length, 'a');

        (await SubscriptionApi.CallAsync(
            server, HttpMethod.Post, "", 400, SubscriptionApi.Body(Url, $$"""{"{{member}}":"{{text}}"}""")))
            .Detail().ShouldMatch($"^{detail}$");
    }

    [Theory]
    [InlineData(21, 1, "headers: At most 20 headers are allowed.")]
    [InlineData(1, 8_192, "headers: Headers have at most 8192 characters in all.")]
    public async Task TooManyHeaders_AreRefused(int count, int length, string detail)
    {
        await using var server = await RunningServer.StartAsync();
        var headers = string.Join(',', Enumerable.Range(0, count).Select(
            number => $"\"x-{number}\":\"{new string('a', length)}\""));

        (await SubscriptionApi.CallAsync(
            server, HttpMethod.Post, "", 400, SubscriptionApi.Body(Url, $$$"""{"headers":{{{{headers}}}}}""")))
            .Detail().ShouldBe(detail);
    }

    [Theory]
    [InlineData("""{"concurrency":1001}""", "concurrency: 1 to 1000 is allowed")]
    [InlineData("""{"secret":"whsec_YWJjZA=="}""", "secret: A secret has 24 to 64 bytes; this one has 4.")]
    [InlineData("""{"expireAfter":"3651 d"}""", "expireAfter: '3651 d' is not allowed; .*")]
    public async Task NumberBeyondItsLimit_IsRefused(string members, string detail)
    {
        await using var server = await RunningServer.StartAsync();

        (await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 400, SubscriptionApi.Body(Url, members)))
            .Detail().ShouldMatch($"^{detail}$");
    }

    [Fact]
    public async Task WaitingMax_IsSeenAsLag()
    {
        await using var server = await RunningServer.StartAsync(("Deliveries:WaitingMax", "2"));
        await using var receiver = await WebhookReceiver.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, """{"concurrency":1}""")).Text("id");

        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2, 3, 4);
        await receiver.WaitAsync(3);

        var shown = await SubscriptionApi.WaitAsync(
            server, id, static one => one.GetProperty("waiting").GetInt32() == 2);
        shown.GetProperty("lag").GetInt64().ShouldBe(3);
        shown.GetProperty("lagSeconds").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task AnswerBeyondAnswerBytesMax_IsReadNoFurther_AndCounts()
    {
        await using var server = await RunningServer.StartAsync(("Deliveries:AnswerBytesMax", "1024"));
        var isOpen = true;
        await using var receiver = await WebhookReceiver.StartAsync(async (context, _) =>
        {
            // The answer never ends by itself.
            context.Response.StatusCode = 200;
            while (Volatile.Read(ref isOpen) && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1 << 16], context.RequestAborted);
            }
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, """{"timeout":"10 min"}""")).Text("id");

        await TestEvents.AppendAsync(server, "a.event", 0);

        await SubscriptionApi.WaitAsync(server, id, static one => one.GetProperty("lag").GetInt64() == 0);
        Volatile.Write(ref isOpen, false);
        receiver.Received.Count.ShouldBe(1);
        (await SubscriptionApi.GetAsync(server, id)).GetProperty("lastError").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
