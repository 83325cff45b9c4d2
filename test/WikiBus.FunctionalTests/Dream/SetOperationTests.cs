using System.Text.Json;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Webhooks;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Destinations of sets among the subscriptions that an operator sees and stops.</summary>
public sealed class SetOperationTests
{
    private const string Roles = "\"publish\", \"read\", \"subscribe\"";

    [Fact]
    public async Task Destination_IsListedWithoutSecrets_ForItsOwnerAndForManagers()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await DreamApi.CreateAsync(
            server, key, "loc1", DreamApi.Set("1", "", "http://user:s3cret@127.0.0.1:9/a?key=s3cret#s3cret"));
        foreach (var reader in new[] { key, KeyApi.AdminKey(server) })
        {
            var list = await (await KeyApi.SendAsync(server, HttpMethod.Get, "/v1/subscriptions", reader))
                .Content.ReadAsStringAsync();
            list.ShouldNotContain("s3cret");
            using var document = JsonDocument.Parse(list);
            var item = document.RootElement.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
            (item.Text("id"), item.Text("feature"), item.Text("url"), item.Text("state"))
                .ShouldBe(("dream:loc1:1", "dream", "http://127.0.0.1:9/a", "active"));
            item.TryGetProperty("streams", out _).ShouldBeFalse();
        }

        var other = await DreamApi.MakeKeyAsync(server, Roles);
        (await KeyApi.SendAsync(server, HttpMethod.Get, "/v1/subscriptions/dream:loc1:1", other))
            .StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Destination_IsPausedResumedAndReplayed()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var set = DreamApi.Set("1", "", recipient.Url);
        await DreamApi.CreateAsync(server, key, "loc1", set);
        (await OperateAsync(server, "pause")).Text("state").ShouldBe("paused");
        await PublishAsync(server, key, "e1");

        // Putting the set again does not undo what an operator did.
        await DreamApi.ReplaceAsync(server, "loc1", set);
        DreamApi.Destinations(server).Single().State.ShouldBe("paused");
        recipient.Received.ShouldBeEmpty();
        (await OperateAsync(server, "resume")).Text("state").ShouldBe("active");
        await recipient.WaitAsync(1);

        await SubscriptionApi.WaitAsync(server, "dream:loc1:1", static one => one.GetProperty("lag").GetInt64() == 0);
        await OperateAsync(server, "replay", """{"from": 0}""");
        var received = await recipient.WaitAsync(2);
        received.ShouldAllBe(static one => one["x-dream-event-id"] == "e1");
    }

    [Theory]
    [InlineData("PUT", "", "{\"url\": \"http://127.0.0.1:9/b\"}")]
    [InlineData("DELETE", "", null)]
    [InlineData("POST", "/test", null)]
    [InlineData("POST", "/rotate", null)]
    public async Task WhatBelongsToTheSet_IsChangedThere(string method, string operation, string? body)
    {
        await using var server = await RunningServer.StartAsync();
        await DreamApi.CreateAsync(
            server, await DreamApi.MakeKeyAsync(server), "loc1", DreamApi.Set("1", "", "http://127.0.0.1:9/a"));
        var answer = await KeyApi.SendAsync(
            server, new HttpMethod(method), "/v1/subscriptions/dream:loc1:1" + operation, KeyApi.AdminKey(server),
            body);
        ((int)answer.StatusCode).ShouldBe(409);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("change or delete the set");
        DreamApi.DescribeDestinations(server).ShouldBe(["dream:loc1:1 http://127.0.0.1:9/a"]);
    }

    private static async Task<JsonElement> OperateAsync(RunningServer server, string operation, string? body = null)
    {
        var answer = await KeyApi.SendAsync(
            server, HttpMethod.Post, $"/v1/subscriptions/dream:loc1:1/{operation}", KeyApi.AdminKey(server), body);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task PublishAsync(RunningServer server, string key, string id) =>
        (await RawHttp.SendAsync(
            server.Address, "POST", $"/pubsub/publish?apikey={key}",
            [
                ("X-Dream-Event-Channel", "event://a/b"), ("X-Dream-Event-Origin-Uri", "http://o/1"),
                ("X-Dream-Event-Id", id),
            ],
            "<e/>"u8.ToArray())).Status.ShouldBe(200);
}
