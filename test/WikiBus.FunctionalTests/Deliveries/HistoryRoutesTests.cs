using System.Text.Json;

namespace WikiBus.FunctionalTests.Deliveries;

public sealed class HistoryRoutesTests
{
    [Fact]
    public async Task Deliveries_AreTheTries_TheNewestFirst_InPages()
    {
        await using var server = await DeliveryServer.StartAsync();
        var owner = await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.SubscribeAsync("other", "owner");
        await server.AppendAsync("a", "1"u8.ToArray(), "2"u8.ToArray(), "3"u8.ToArray());
        await server.SettleAsync("s");
        var first = await server.GetAsync("/v1/subscriptions/s/deliveries?limit=2", owner);
        Records(first).ShouldBe(["a@2", "a@1"]);
        var one = first.GetProperty("items")[0];
        one.EnumerateObject().Select(static member => member.Name).ShouldBe(
            ["at", "position", "record", "attempt", "verdict", "status", "message", "milliseconds"]);
        one.GetProperty("verdict").GetString().ShouldBe("done");
        var next = first.GetProperty("next").GetString();
        var second = await server.GetAsync($"/v1/subscriptions/s/deliveries?limit=2&after={next}", owner);
        Records(second).ShouldBe(["a@0"]);
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        Records(await server.GetAsync("/v1/subscriptions/s/deliveries?record=1")).ShouldBe(["a@1"]);
        Records(await server.GetAsync("/v1/subscriptions/s/deliveries?record=a@2")).ShouldBe(["a@2"]);
        Records(await server.GetAsync("/v1/subscriptions/s/deliveries?record=b@2")).ShouldBeEmpty();
        Records(await server.GetAsync("/v1/subscriptions/s/deliveries?verdict=done")).Count.ShouldBe(3);
        Records(await server.GetAsync("/v1/subscriptions/s/deliveries?verdict=failed")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/subscriptions/s/deliveries?verdict=good", "verdict: 'good' is not a verdict.")]
    [InlineData("/v1/subscriptions/s/deliveries?record=a", "record: 'a' is not a record. Allowed are a position,")]
    [InlineData("/v1/why?record=1", "subscription is missing.")]
    [InlineData("/v1/why?subscription=s", "record is missing.")]
    [InlineData("/v1/why?subscription=s&record=@1", "record: '@1' is not a record.")]
    public async Task WhatIsNotValid_Is400_AndSaysWhat(string path, string detail)
    {
        await using var server = await DeliveryServer.StartAsync();
        var (status, body) = await server.SendAsync(HttpMethod.Get, path);
        status.ShouldBe(400);
        body.GetProperty("detail").GetString()!.ShouldStartWith(detail);
    }

    [Fact]
    public async Task Why_HasTheStateAndASentence_AndIs404ForAnUnknownRecord()
    {
        await using var server = await DeliveryServer.StartAsync();
        var owner = await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.AppendAsync("a", "1"u8.ToArray());
        await server.SettleAsync("s");
        var why = await server.GetAsync("/v1/why?record=a@0&subscription=s", owner);
        why.EnumerateObject().Select(static member => member.Name).ShouldBe(
            [
                "state", "text", "subscription", "subscriptionState", "position", "record", "eventId", "at", "attempt",
                "status",
            ]);
        why.GetProperty("state").GetString().ShouldBe("delivered");
        var (status, body) = await server.SendAsync(HttpMethod.Get, "/v1/why?record=a@1&subscription=s", owner);
        (status, body.GetProperty("state").GetString()).ShouldBe((404, "unknown-record"));
    }

    private static List<string?> Records(JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("record").GetString())];
}
