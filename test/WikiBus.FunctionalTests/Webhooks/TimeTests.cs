using System.Globalization;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>What happens to deliveries in the course of time.</summary>
public sealed class TimeTests
{
    private readonly MovedClock _clock = new();

    [Theory]
    [InlineData(503, "300", 300)]
    [InlineData(429, "300", 300)]
    [InlineData(503, "date", 300)]
    [InlineData(503, "7200", 3600)]
    public async Task RetryAfter_IsObeyedUpToAnHour(int status, string header, int seconds)
    {
        var server = await _clock.StartServerAsync();
        await using var receiver = await WebhookReceiver.StartAsync((context, number) =>
        {
            if (number == 1)
            {
                context.Response.StatusCode = status;
                context.Response.Headers.RetryAfter = header == "date" ? $"{_clock.Now.AddSeconds(300):R}" : header;
            }

            return Task.CompletedTask;
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, """{"timeout":"10 min"}""")).Text("id");
        await TestEvents.AppendAsync(server, "a.event", 0);
        await SubscriptionApi.WaitAsync(server, id, static one => one.Text("state") == "down");

        await _clock.UntilAsync(TimeSpan.FromSeconds(seconds / 50), server, id, static one =>
            one.GetProperty("lag").GetInt64() == 0);

        receiver.Received.Count.ShouldBe(2);
        // The date has whole seconds.
        (SentAt(receiver.Received[1]) - SentAt(receiver.Received[0])).ShouldBeInRange(seconds - 1, 2 * seconds - 1);
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task AfterARotation_DeliveriesHaveBothSignaturesFor24Hours()
    {
        var server = await _clock.StartServerAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(
            server, receiver.Url, $$"""{"secret":"{{SubscriptionApi.Secret}}"}""")).Text("id");
        var secret = (await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 200)).Text("secret");

        await TestEvents.AppendAsync(server, "a.event", 0);
        await receiver.WaitAsync(1);
        await SettleAsync(server, id);
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        await TestEvents.AppendAsync(server, "a.event", 1);
        await receiver.WaitAsync(2);
        await SettleAsync(server, id);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await TestEvents.AppendAsync(server, "a.event", 2);

        var received = await receiver.WaitAsync(3);
        string[] both = [secret, SubscriptionApi.Secret];
        received.Select(one => one["webhook-signature"]).ShouldBe(
            [Signature(received[0], both), Signature(received[1], both), Signature(received[2], secret)]);
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task RotationWhileDown_KeepsTheState_AndSendsNothing()
    {
        var server = await _clock.StartServerAsync();
        await using var receiver = await WebhookReceiver.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url)).Text("id");
        await TestEvents.AppendAsync(server, "a.event", 0);
        await SubscriptionApi.WaitAsync(server, id, static one => one.Text("state") == "down");

        var rotated = await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/rotate", 200);

        (rotated.Text("state"), rotated.Text("reason")).ShouldBe(("down", "unavailable"));
        var until = _clock.Now.AddMinutes(10);
        await _clock.UntilAsync(TimeSpan.FromSeconds(10), () => Task.FromResult(_clock.Now >= until));
        receiver.Received.Count.ShouldBe(1);
        await _clock.DisposeAsync(server);
    }

    [Fact]
    public async Task OlderThanExpireAfter_IsSkippedAndCounted()
    {
        var server = await _clock.StartServerAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, """{"expireAfter":"1 h"}""")).Text("id");
        await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/pause", 200);
        await TestEvents.AppendAsync(server, "a.event", 0, 1);
        _clock.Advance(TimeSpan.FromMinutes(61));
        await TestEvents.AppendAsync(server, "a.event", 2);

        await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{id}/resume", 200);
        await SettleAsync(server, id);

        receiver.Received.Select(static one => one["wikibus-offset"]).ShouldBe(["2"]);
        (await SubscriptionApi.GetAsync(server, id)).GetProperty("expired").GetInt64().ShouldBe(2);
        await _clock.UntilAsync(TimeSpan.FromMilliseconds(20), async () => (await SubscriptionApi.CallAsync(
            server, HttpMethod.Get, $"/{id}/deliveries?verdict=expired", 200))
            .GetProperty("items").GetArrayLength() == 2);
        await _clock.DisposeAsync(server);
    }

    private Task SettleAsync(RunningServer server, string id) => _clock.UntilAsync(
        TimeSpan.FromMilliseconds(20), server, id, static one => one.GetProperty("lag").GetInt64() == 0);

    private static long SentAt(ReceivedWebhook received) =>
        long.Parse(received["webhook-timestamp"], CultureInfo.InvariantCulture);

    // The package judges the time, too, by the real clock.
    private static string Signature(ReceivedWebhook received, params string[] secrets) => WebhookSignature.Sign(
        [.. secrets.Select(static text => SigningSecret.TryParse(text, out var secret, out _) ? secret : null!)],
        received["webhook-id"], SentAt(received), received.Body);
}
