using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Pause, resume, replay, test, rotate, and where a subscription starts.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task PausedSubscription_ContinuesAtItsCursor()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, """{"order":"strict"}""")).Text("id");
        (await CallAsync(server, HttpMethod.Post, $"/{id}/pause", 200)).Text("state").ShouldBe("paused");
        await TestEvents.AppendAsync(server, "a.event", 0, 1);

        (await SubscriptionApi.GetAsync(server, id)).GetProperty("lag").GetInt64().ShouldBe(2);
        receiver.Received.ShouldBeEmpty();
        (await CallAsync(server, HttpMethod.Post, $"/{id}/resume", 200))
            .GetProperty("positions").GetInt64().ShouldBe(0);

        Offsets(await receiver.WaitAsync(2)).ShouldBe(["0", "1"]);
    }

    [Fact]
    public async Task ResumeFromNow_SkipsAndSaysHowMany()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url)).Text("id");
        await CallAsync(server, HttpMethod.Post, $"/{id}/pause", 200);
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2);

        (await CallAsync(server, HttpMethod.Post, $"/{id}/resume?from=now", 200))
            .GetProperty("positions").GetInt64().ShouldBe(3);
        await TestEvents.AppendAsync(server, "a.event", 3);

        Offsets(await receiver.WaitAsync(1)).ShouldBe(["3"]);
        (await CallAsync(server, HttpMethod.Post, $"/{id}/resume?from=then", 400)).Detail().ShouldStartWith("from: ");
    }

    [Theory]
    [InlineData("1", "1 2")]
    [InlineData("\"2\"", "2")]
    [InlineData("\"a.event@1\"", "1 2")]
    [InlineData("\"1970-01-01\"", "0 1 2")]
    [InlineData("\"2999-01-01\"", "")]
    [InlineData("\"now\"", "")]
    public async Task Start_SaysWhichRecordComesFirst(string start, string offsets)
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2);
        await SubscriptionApi.CreateAsync(server, receiver.Url, $$"""{"start":{{start}},"order":"strict"}""");
        await TestEvents.AppendAsync(server, "a.event", 3);

        var wanted = $"{offsets} 3".Trim().Split(' ');
        Offsets(await receiver.WaitAsync(wanted.Length)).ShouldBe(wanted);
    }

    [Theory]
    [InlineData("""{"from":1,"to":3}""", "1 2")]
    [InlineData("""{"from":"a.event@2"}""", "2 3")]
    [InlineData("""{"from":"1970-01-01","to":"2999-01-01"}""", "0 1 2 3")]
    public async Task Replay_SendsTheRangeAgain(string body, string offsets)
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, """{"order":"strict"}""")).Text("id");
        await TestEvents.AppendAsync(server, "a.event", 0, 1, 2, 3);
        var first = await receiver.WaitAsync(4);
        await SubscriptionApi.WaitAsync(server, id, static one => one.GetProperty("lag").GetInt64() == 0);

        var wanted = offsets.Split(' ');
        (await CallAsync(server, HttpMethod.Post, $"/{id}/replay", 200, body))
            .GetProperty("positions").GetInt64().ShouldBe(wanted.Length);

        var again = (await receiver.WaitAsync(4 + wanted.Length)).Skip(4).ToList();
        Offsets(again).ShouldBe(wanted);
        again.ShouldAllBe(one => one["wikibus-attempt"] == "1");
        again.ShouldAllBe(one => first.Any(earlier => earlier["webhook-id"] == one["webhook-id"]));
        await SubscriptionApi.WaitAsync(server, id, static one => !one.TryGetProperty("replay", out _));
    }

    [Fact]
    public async Task RunningReplay_IsShown_SurvivesARestart_AndCanBeCancelled()
    {
        await using var server = await RunningServer.StartAsync();
        var isBroken = false;
        await using var receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = Volatile.Read(ref isBroken) ? 503 : 200;
            return Task.CompletedTask;
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url)).Text("id");
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        await receiver.WaitAsync(2);
        await SubscriptionApi.WaitAsync(server, id, static one => one.GetProperty("lag").GetInt64() == 0);
        Volatile.Write(ref isBroken, true);

        var shown = await CallAsync(server, HttpMethod.Post, $"/{id}/replay", 200, """{"from":0}""");
        shown.GetProperty("replay").GetProperty("end").GetInt64().ShouldBe(2);
        (await CallAsync(server, HttpMethod.Post, $"/{id}/replay", 409, """{"from":0}""")).Detail()
            .ShouldBe("A replay of this subscription runs already.");
        await server.RestartAsync();
        (await SubscriptionApi.GetAsync(server, id)).GetProperty("replay").GetProperty("from").GetInt64().ShouldBe(0);

        await CallAsync(server, HttpMethod.Delete, $"/{id}/replay", 200);
        (await SubscriptionApi.GetAsync(server, id)).TryGetProperty("replay", out _).ShouldBeFalse();
        (await CallAsync(server, HttpMethod.Delete, $"/{id}/replay", 404)).Detail()
            .ShouldBe("No replay of this subscription runs.");
    }

    [Theory]
    [InlineData("{}", "from: it is needed")]
    [InlineData("""{"from":"x"}""", "from: 'x' is not allowed; .*")]
    [InlineData("""{"from":0,"to":"x"}""", "to: 'x' is not allowed; .*")]
    [InlineData("""{"from":1,"to":0}""", "to: it is before 'from'")]
    public async Task WrongReplay_IsRefused(string body, string detail)
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        var id = (await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/")).Text("id");

        (await CallAsync(server, HttpMethod.Post, $"/{id}/replay", 400, body)).Detail().ShouldMatch($"^{detail}$");
    }

    [Fact]
    public async Task Test_SaysWhatTheRecipientAnswers_AndChangesNothing()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(static async (context, _) =>
        {
            context.Response.StatusCode = 410;
            await context.Response.WriteAsync($"no {context.Request.Headers["x-key"]}");
        });
        var created = await SubscriptionApi.CreateAsync(
            server, receiver.Url, """{"headers":{"X-Key":"hushhush"}}""");
        var id = created.Text("id");

        var tested = await CallAsync(server, HttpMethod.Post, $"/{id}/test", 200);

        (tested.GetProperty("status").GetInt32(), tested.Text("body")).ShouldBe((410, "no …"));
        var received = receiver.Received[0];
        Encoding.UTF8.GetString(received.Body).ShouldBe("""{"type":"wikibus.test"}""");
        DeliveryTests.Verify(received, created.Text("secret"));
        var after = await SubscriptionApi.GetAsync(server, id);
        (after.Text("state"), after.GetProperty("lastError").ValueKind).ShouldBe(("active", JsonValueKind.Null));
    }

    [Fact]
    public async Task TestWithoutAnAnswer_SaysWhy()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await SubscriptionApi.SubscriberAsync(server, "tester");
        var id = (await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/", key: key)).Text("id");

        var refused = await CallAsync(server, HttpMethod.Post, $"/{id}/test", 200);
        (refused.GetProperty("status").ValueKind, refused.Text("error")).ShouldBe((JsonValueKind.Null, "refused"));

        await KeyApi.StatusAsync(
            server, HttpMethod.Put, "/v1/keys/tester", KeyApi.AdminKey(server), """{"roles":["subscribe"]}""");
        (await CallAsync(server, HttpMethod.Post, $"/{id}/test", 400)).Detail().ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task AfterARotation_BothSecretsSignFor24Hours()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<TimeProvider>(time));
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(
            server, receiver.Url, $$"""{"secret":"{{SubscriptionApi.Secret}}"}""")).Text("id");
        var rotated = await CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 200);
        var secret = rotated.Text("secret");
        secret.ShouldNotBe(SubscriptionApi.Secret);
        rotated.GetProperty("oldSecretValidUntil").GetDateTimeOffset().ShouldBe(
            time.GetUtcNow().AddHours(24), TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await CallAsync(server, HttpMethod.Post, $"/{id}/test", 200);
        time.Advance(TimeSpan.FromSeconds(2));
        await CallAsync(server, HttpMethod.Post, $"/{id}/test", 200);

        Signers(receiver.Received[0], secret, SubscriptionApi.Secret).ShouldBe([secret, SubscriptionApi.Secret]);
        Signers(receiver.Received[1], secret, SubscriptionApi.Secret).ShouldBe([secret]);
        (await SubscriptionApi.GetAsync(server, id)).TryGetProperty("oldSecretValidUntil", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Rotation_TakesAGivenSecret_AndHasALimit()
    {
        await using var server = await RunningServer.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/")).Text("id");
        var body = $$"""{"secret":"{{SubscriptionApi.Secret}}"}""";

        (await CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 200, body)).Text("secret")
            .ShouldBe(SubscriptionApi.Secret);
        (await CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 400, body)).Detail()
            .ShouldBe("secret: it is the present one");
        (await CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 400, """{"secret":"x"}""")).Detail()
            .ShouldBe("secret: A secret begins with 'whsec_'.");
        for (var count = 0; count < 3; count++)
        {
            await CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 200);
        }

        (await CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 409)).Detail().ShouldStartWith("4 replaced secrets");
    }

    private static IEnumerable<string> Offsets(IEnumerable<ReceivedWebhook> received) =>
        received.Select(static one => one["wikibus-offset"]);

    // The package judges the time, too, by the real clock.
    private static IEnumerable<string> Signers(ReceivedWebhook received, params string[] secrets)
    {
        var timestamp = long.Parse(received["webhook-timestamp"], CultureInfo.InvariantCulture);
        return secrets.Where(text =>
        {
            SigningSecret.TryParse(text, out var secret, out _).ShouldBeTrue();
            var signature = WebhookSignature.Sign([secret!], received["webhook-id"], timestamp, received.Body);
            return received["webhook-signature"].Split(' ').Contains(signature);
        });
    }

    private static Task<JsonElement> CallAsync(
        RunningServer server, HttpMethod method, string path, int status, string? body = null) =>
        SubscriptionApi.CallAsync(server, method, path, status, body);
}
