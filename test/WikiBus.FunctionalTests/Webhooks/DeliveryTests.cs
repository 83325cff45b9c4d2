using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Requests to webhooks.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Event_ArrivesSignedWithItsBytesAndHeaders()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var created = await SubscriptionApi.CreateAsync(
            server, receiver.Url, """{"streams":["test.event"],"headers":{"Authorization":"Bearer tok.en"}}""");

        await PublishAsync(server, KeyApi.Event());

        var received = (await receiver.WaitAsync(1))[0];
        Verify(received, created.Text("secret"));
        received["content-type"].ShouldBe("application/json");
        received["authorization"].ShouldBe("Bearer tok.en");
        received["via"].ShouldBe("1.1 wikibus");
        received["wikibus-stream"].ShouldBe("test.event");
        received["wikibus-offset"].ShouldBe("0");
        received["wikibus-attempt"].ShouldBe("1");
        received["wikibus-event-id"].ShouldNotBeEmpty();
        received["webhook-id"].ShouldNotContain(".");
        Encoding.UTF8.GetString(received.Body).ShouldBe(StoredRecords.Read(server).Single().Payload);
    }

    [Fact]
    public async Task EventIdOfAnything_IsPercentEncoded()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await SubscriptionApi.CreateAsync(server, receiver.Url);

        await PublishAsync(
            server,
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"t","id":"50% é\tx y","domain":"a.b"},"test":"x"}""");

        (await receiver.WaitAsync(1))[0]["wikibus-event-id"].ShouldBe("50%25%20%C3%A9%09x%20y");
    }

    [Theory]
    [InlineData(503, "down", "unavailable")]
    [InlineData(429, "down", "throttled")]
    [InlineData(410, "gone", null)]
    public async Task Answer_DecidesTheState(int status, string state, string? reason)
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "3600";
            await context.Response.WriteAsync("Sorry, not now");
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url)).Text("id");

        await PublishAsync(server, KeyApi.Event());

        var found = await SubscriptionApi.WaitAsync(server, id, one => one.Text("state") == state);
        found.TryGetProperty("reason", out var why).ShouldBe(reason is not null);
        (reason is null ? null : why.GetString()).ShouldBe(reason);
        var error = found.GetProperty("lastError");
        error.GetProperty("status").GetInt32().ShouldBe(status);
        error.Text("record").ShouldBe("test.event@0");
        error.Text("message").ShouldBe($"answered {status}: Sorry, not now");
    }

    [Fact]
    public async Task OtherAnswer_LetsTheRecordWait()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url)).Text("id");

        await PublishAsync(server, KeyApi.Event());

        var found = await SubscriptionApi.WaitAsync(
            server, id, static one => one.GetProperty("waiting").GetInt32() == 1);
        found.Text("state").ShouldBe("active");
        found.GetProperty("lastError").GetProperty("status").GetInt32().ShouldBe(302);
    }

    [Fact]
    public async Task RefusedConnection_IsDown()
    {
        await using var server = await RunningServer.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, "http://127.0.0.1:1/")).Text("id");

        await PublishAsync(server, KeyApi.Event());

        (await SubscriptionApi.WaitAsync(server, id, static one => one.Text("state") == "down"))
            .Text("reason").ShouldBe("refused");
    }

    [Fact]
    public async Task KeyThatLosesItsNetwork_MakesItsSubscriptionDown()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var key = await SubscriptionApi.SubscriberAsync(server, "alice");
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, key: key)).Text("id");
        (await KeyApi.StatusAsync(
            server, HttpMethod.Put, "/v1/keys/alice", KeyApi.AdminKey(server), """{"roles":["subscribe","read"]}"""))
            .ShouldBe((int)HttpStatusCode.OK);

        await PublishAsync(server, KeyApi.Event());

        (await SubscriptionApi.WaitAsync(server, id, static one => one.Text("state") == "down"))
            .Text("reason").ShouldBe("guard");
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task HeaderThatTheRecipientSendsBack_IsNotShown()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(static async (context, _) =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($"You sent {context.Request.Headers.Authorization}");
        });
        var id = (await SubscriptionApi.CreateAsync(
            server, receiver.Url, """{"headers":{"Authorization":"Bearer hushhush"}}""")).Text("id");

        await PublishAsync(server, KeyApi.Event());

        var found = await SubscriptionApi.WaitAsync(
            server, id, static one => one.GetProperty("waiting").GetInt32() == 1);
        found.GetProperty("lastError").Text("message").ShouldBe("answered 400: You sent … …");
    }

    [Theory]
    [InlineData("""{"filter":"test=b"}""", "b")]
    [InlineData("""{"filter":["test>a","test<c"]}""", "b")]
    [InlineData("""{"channel":"event://b.example.org/*"}""", "b")]
    [InlineData("""{"wikis":["b.example.org"]}""", "b")]
    [InlineData("""{"streams":["*.b"]}""", "b")]
    [InlineData("""{"streams":["test.b","no.such"],"order":"strict","concurrency":1,"timeout":"5 s"}""", "b")]
    public async Task Rules_SelectTheEvents(string members, string wanted)
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await SubscriptionApi.CreateAsync(server, receiver.Url, members)).Text("id");

        foreach (var name in (string[])["a", "b", "c"])
        {
            await PublishAsync(
                server,
                $$$"""
                {"$schema":"/test/event/1.0.0","meta":{"stream":"test.{{{name}}}","domain":"{{{name}}}.example.org"},
                 "test":"{{{name}}}"}
                """);
        }

        await SubscriptionApi.WaitAsync(server, id, static one => one.GetProperty("lag").GetInt64() == 0);
        receiver.Received.Select(static one => one["wikibus-stream"]).ShouldBe([$"test.{wanted}"]);
    }

    internal static void Verify(ReceivedWebhook received, string secret)
    {
        var headers = new HeaderDictionary();
        foreach (var name in (string[])["webhook-id", "webhook-timestamp", "webhook-signature"])
        {
            headers[name] = received[name];
        }

        new StandardWebhook(secret).Verify(Encoding.UTF8.GetString(received.Body), headers);
    }

    internal static async Task PublishAsync(RunningServer server, string body) =>
        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/events", KeyApi.AdminKey(server), body))
            .ShouldBe(201);
}
