using System.Text.Json;
using WikiBus.FunctionalTests.Access;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.FunctionalTests.Deliveries;

public sealed class DeadLetterRoutesTests
{
    private static readonly byte[] s_text = """{"says": "<é>"}"""u8.ToArray();
    private static readonly byte[] s_bytes = [0xff, 0x00];

    [Fact]
    public async Task Lists_HaveNoPayload_AndOneLetterHasIt()
    {
        await using var server = await DeliveryServer.StartAsync();
        await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.DieAsync("s", "a", s_text, s_bytes);
        var first = await server.GetAsync("/v1/dead-letters?limit=1");
        var letter = first.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        letter.EnumerateObject().Select(static member => member.Name).ShouldBe(
            ["id", "subscription", "position", "record", "eventId", "attempts", "deadAt", "lastError"]);
        letter.GetProperty("record").GetString().ShouldBe("a@0");
        letter.GetProperty("eventId").GetString().ShouldBe($"id-{s_text.Length}");
        letter.GetProperty("lastError").GetProperty("status").GetInt32().ShouldBe(500);
        var detail = await server.GetAsync($"/v1/dead-letters/{letter.GetProperty("id").GetString()}");
        detail.GetProperty("contentType").GetString().ShouldBe("application/json");
        detail.GetProperty("payload").GetString().ShouldBe("""{"says": "<é>"}""");
        var next = await server.GetAsync($"/v1/dead-letters?limit=1&after={first.GetProperty("next").GetString()}");
        next.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        var second = await server.GetAsync($"/v1/dead-letters/{Ids(next).Single()}");
        second.GetProperty("payloadBase64").GetString().ShouldBe(Convert.ToBase64String(s_bytes));
        second.TryGetProperty("payload", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Filters_AreSubscriptionStreamAndTimeOfDeath()
    {
        await using var server = await DeliveryServer.StartAsync();
        await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.SubscribeAsync("t", "owner", "b");
        await server.DieAsync("s", "a", s_text);
        await server.DieAsync("t", "b", s_text);
        (await CountAsync("")).ShouldBe(2);
        (await CountAsync("?subscription=s")).ShouldBe(1);
        (await CountAsync("?stream=b")).ShouldBe(1);
        (await CountAsync("?subscription=s&stream=b")).ShouldBe(0);
        (await CountAsync("?since=2020-01-01&until=2020-02-01")).ShouldBe(0);
        (await CountAsync("?since=2020-01-01")).ShouldBe(2);

        async Task<int> CountAsync(string query) => Ids(await server.GetAsync("/v1/dead-letters" + query)).Count;
    }

    [Fact]
    public async Task Replay_SendsOneOrMany_AndSaysHowMany()
    {
        await using var server = await DeliveryServer.StartAsync();
        await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.DieAsync("s", "a", s_text, s_text, s_text);
        server.Feature.Answer = new DeliveryResult(Verdict.Done, 200);
        server.Feature.Tries.Clear();
        var ids = Ids(await server.GetAsync("/v1/dead-letters"));
        var one = await server.SendAsync(HttpMethod.Post, $"/v1/dead-letters/{ids[1]}/replay");
        (one.Status, one.Body.GetRawText()).ShouldBe((200, """{"replayed":1,"left":0}"""));
        await server.SettleAsync("s", static status => status.Waiting == 0);
        server.Feature.Tries.ShouldBe(["a@1"]);
        (await server.SendAsync(HttpMethod.Post, $"/v1/dead-letters/{ids[1]}/replay")).Status.ShouldBe(404);
        var many = await server.SendAsync(HttpMethod.Post, "/v1/dead-letters/replay?subscription=s");
        many.Body.GetRawText().ShouldBe("""{"replayed":2,"left":0}""");
        await server.SettleAsync("s", static status => status is { Waiting: 0, Dead: 0 });
        server.Feature.Tries.Order().ShouldBe(["a@0", "a@1", "a@2"]);
    }

    [Fact]
    public async Task ReplayOfOne_WithoutRoom_Is409()
    {
        await using var server = await DeliveryServer.StartAsync();
        await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.DieAsync("s", "a", s_text);
        await server.Server.RestartAsync(("Deliveries:WaitingMax", "1"));
        await server.AppendAsync("a", s_text);
        await server.SettleAsync("s", static status => status.Waiting == 1);
        var id = Ids(await server.GetAsync("/v1/dead-letters")).Single();
        var (status, body) = await server.SendAsync(HttpMethod.Post, $"/v1/dead-letters/{id}/replay");
        status.ShouldBe(409);
        body.GetProperty("detail").GetString()!.ShouldContain("Deliveries:WaitingMax");
        var many = await server.SendAsync(HttpMethod.Post, "/v1/dead-letters/replay?stream=a");
        many.Body.GetRawText().ShouldBe("""{"replayed":0,"left":1}""");
    }

    [Fact]
    public async Task Drop_RemovesOneOrMany_AndSaysHowMany()
    {
        await using var server = await DeliveryServer.StartAsync();
        await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.DieAsync("s", "a", s_text, s_text, s_text);
        var ids = Ids(await server.GetAsync("/v1/dead-letters"));
        var one = await server.SendAsync(HttpMethod.Delete, $"/v1/dead-letters/{ids[0]}");
        (one.Status, one.Body.GetRawText()).ShouldBe((200, """{"dropped":1}"""));
        (await server.SendAsync(HttpMethod.Delete, $"/v1/dead-letters/{ids[0]}")).Status.ShouldBe(404);
        var many = await server.SendAsync(HttpMethod.Delete, "/v1/dead-letters?stream=a");
        (many.Status, many.Body.GetRawText()).ShouldBe((200, """{"dropped":2}"""));
        var why = await server.GetAsync("/v1/why?record=a@0&subscription=s");
        why.GetProperty("state").GetString().ShouldBe("dropped");
        why.GetProperty("text").GetString()!.ShouldEndWith("Dropped by the key admin.");
        using var metrics = await server.Server.Client.GetAsync("/metrics");
        (await metrics.Content.ReadAsStringAsync()).ShouldContain(
            """wikibus_deliveries_dropped_total{feature="answering"} 3""");
    }

    [Theory]
    [InlineData("DELETE", "/v1/dead-letters", "Which ones?")]
    [InlineData("POST", "/v1/dead-letters/replay", "Which ones?")]
    [InlineData("DELETE", "/v1/dead-letters?stream=a&sinse=2020-01-01", "There is no parameter 'sinse'")]
    [InlineData("DELETE", "/v1/dead-letters?stream=a&stream=b", "stream is given more than once.")]
    [InlineData("GET", "/v1/dead-letters?since=soon", "since: 'soon' is not a time.")]
    [InlineData("GET", "/v1/dead-letters?limit=1001", "limit: '1001' is not a number from 1 to 1000.")]
    [InlineData("GET", "/v1/dead-letters?after=1.2", "after is not the 'next' of an earlier answer.")]
    public async Task WhatIsNotValid_Is400_AndSaysWhat(string method, string path, string detail)
    {
        await using var server = await DeliveryServer.StartAsync();
        var (status, body) = await server.SendAsync(new HttpMethod(method), path);
        status.ShouldBe(400);
        body.GetProperty("detail").GetString()!.ShouldStartWith(detail);
    }

    [Fact]
    public async Task KeyThatMayNotReadTheRecordAnyMore_DoesNotGetThePayload()
    {
        await using var server = await DeliveryServer.StartAsync();
        var owner = await server.CreateKeyAsync("owner");
        await server.SubscribeAsync("s", "owner");
        await server.DieAsync("s", "a", s_text);
        var id = Ids(await server.GetAsync("/v1/dead-letters", owner)).ShouldHaveSingleItem();
        (await server.GetAsync($"/v1/dead-letters/{id}", owner)).TryGetProperty("payload", out _).ShouldBeTrue();
        (await KeyApi.StatusAsync(
            server.Server, HttpMethod.Put, "/v1/keys/owner", KeyApi.AdminKey(server.Server),
            """{"roles":["subscribe","read"],"streams":["b"]}""")).ShouldBe(200);

        var (status, body) = await server.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}", owner);

        (status, body.GetProperty("detail").GetString()).ShouldBe((403, "The key may not read the record."));
        (await server.GetAsync($"/v1/dead-letters/{id}")).TryGetProperty("payload", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task OtherKeys_SeeNothing()
    {
        await using var server = await DeliveryServer.StartAsync();
        var (owner, other) = (await server.CreateKeyAsync("owner"), await server.CreateKeyAsync("other"));
        await server.SubscribeAsync("s", "owner");
        await server.DieAsync("s", "a", s_text);
        var id = Ids(await server.GetAsync("/v1/dead-letters", owner)).ShouldHaveSingleItem();
        Ids(await server.GetAsync("/v1/dead-letters", other)).ShouldBeEmpty();
        (HttpMethod Method, string Path)[] hidden =
        [
            (HttpMethod.Get, "/v1/dead-letters?subscription=s"),
            (HttpMethod.Delete, "/v1/dead-letters?subscription=s"),
            (HttpMethod.Post, "/v1/dead-letters/replay?subscription=s"),
            (HttpMethod.Get, $"/v1/dead-letters/{id}"),
            (HttpMethod.Delete, $"/v1/dead-letters/{id}"),
            (HttpMethod.Post, $"/v1/dead-letters/{id}/replay"),
            (HttpMethod.Get, "/v1/subscriptions/s/deliveries"),
            (HttpMethod.Get, "/v1/why?record=0&subscription=s"),
        ];
        foreach (var (method, path) in hidden)
        {
            (await server.SendAsync(method, path, other)).Status.ShouldBe(404, path);
            (await server.SendAsync(method, path, "no-key")).Status.ShouldBe(401, path);
        }

        var all = await server.SendAsync(HttpMethod.Delete, "/v1/dead-letters?stream=a", other);
        all.Body.GetRawText().ShouldBe("""{"dropped":0}""");
        (await server.GetAsync($"/v1/dead-letters/{id}", owner)).GetProperty("id").GetString().ShouldBe(id);
    }

    private static List<string> Ids(JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!)];
}
