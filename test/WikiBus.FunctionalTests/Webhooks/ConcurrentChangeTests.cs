using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Many clients change one subscription while it delivers.</summary>
public sealed class ConcurrentChangeTests
{
    private const int ClientCount = 16;
    private const int CallCount = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ChangesOfOneId_LeaveMemoryAndTablesEqual(int seed)
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(AnswerAsync);
        await SubscriptionApi.CreateAsync(server, receiver.Url, """{"id":"s","concurrency":4}""");
        var clients = Enumerable.Range(0, ClientCount)
            .Select(client => ChangeAsync(server, receiver.Url, new Random((seed * 100) + client), client));

        await Task.WhenAll(clients);

        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/s/pause", 200);
        await DeliveryBooks.CompareAsync(server);
        await SubscriptionApi.CallAsync(server, HttpMethod.Delete, "/s", 200);
        await DeliveryBooks.CompareAsync(server);
        (await SubscriptionApi.CallAsync(server, HttpMethod.Get, "", 200)).GetProperty("items").GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public async Task ReplaysThatAreCancelledWhileTheyFail_LeaveMemoryAndTablesEqual()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = number % 2 == 0 ? 500 : 200;
            return Task.CompletedTask;
        });
        await SubscriptionApi.CreateAsync(server, receiver.Url, """{"id":"s","concurrency":32}""");
        await TestEvents.AppendAsync(server, "a.event", [.. Enumerable.Range(0, 500)]);
        await SubscriptionApi.WaitAsync(server, "s", static one => one.GetProperty("lag").GetInt64() == 0);
        for (var round = 0; round < 40; round++)
        {
            await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/s/replay", 200, """{"from":0}""");
            await DeliveryBooks.AgeAsync(server);
            var count = receiver.Received.Count;
            await receiver.WaitAsync(count + (round % 8));
            (await KeyApi.StatusAsync(
                server, HttpMethod.Delete, SubscriptionApi.Path + "/s/replay", KeyApi.AdminKey(server)))
                .ShouldBe(200);
        }

        await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/s/pause", 200);
        await DeliveryBooks.CompareAsync(server);
    }

    private static async Task ChangeAsync(RunningServer server, string url, Random random, int client)
    {
        var key = KeyApi.AdminKey(server);
        for (var call = 0; call < CallCount; call++)
        {
            var (method, path, body) = Choose(random, url);
            var status = await KeyApi.StatusAsync(server, method, path, key, body);
            status.ShouldBeOneOf([200, 201, 404, 409, 412, 503], $"{method} {path}");
            await TestEvents.AppendAsync(server, "a.event", (client * CallCount) + call);
            await DeliveryBooks.AgeAsync(server);
        }

        // So that there is one to compare.
        (await KeyApi.StatusAsync(server, HttpMethod.Post, SubscriptionApi.Path, key, Body(url))).ShouldBeOneOf(
            200, 201, 409);
    }

    private static (HttpMethod Method, string Path, string? Body) Choose(Random random, string url)
    {
        const string One = SubscriptionApi.Path + "/s";
        return random.Next(24) switch
        {
            0 => (HttpMethod.Delete, One, null),
            1 or 2 => (HttpMethod.Post, SubscriptionApi.Path, Body(url)),
            3 or 4 => (HttpMethod.Put, One, SubscriptionApi.Body(url, """{"concurrency":2}""")),
            5 => (HttpMethod.Put, One, SubscriptionApi.Body(url, """{"order":"strict"}""")),
            6 => (HttpMethod.Put, One, SubscriptionApi.Body(url, """{"order":"none"}""")),
            7 => (HttpMethod.Post, $"{One}/pause", null),
            8 or 9 or 10 or 11 => (HttpMethod.Post, $"{One}/resume", null),
            12 => (HttpMethod.Post, $"{One}/resume?from=now", null),
            13 or 14 or 15 => (HttpMethod.Post, $"{One}/replay", """{"from":0}"""),
            16 or 17 => (HttpMethod.Delete, $"{One}/replay", null),
            18 => (HttpMethod.Post, $"{One}/rotate", null),
            19 => (HttpMethod.Post, "/v1/dead-letters/replay?subscription=s", null),
            20 => (HttpMethod.Delete, "/v1/dead-letters?subscription=s", null),
            21 => (HttpMethod.Get, "/v1/why?record=3&subscription=s", null),
            22 => (HttpMethod.Get, $"{One}/deliveries", null),
            _ => (HttpMethod.Get, One, null),
        };
    }

    private static string Body(string url) => SubscriptionApi.Body(url, """{"id":"s","concurrency":4}""");

    private static Task AnswerAsync(HttpContext context, int number)
    {
        context.Response.StatusCode = (number * 7) switch
        {
            var one when one % 97 == 0 => 410,
            var one when one % 31 == 0 => 503,
            var one when one % 3 == 0 => 500,
            _ => 200,
        };
        return Task.CompletedTask;
    }
}
