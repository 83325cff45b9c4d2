using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>
/// Changes of a subscription while records wait, requests run and others are queued. Nothing is lost, and only what ran
/// and failed is sent again.
/// </summary>
public sealed class ChangeTests
{
    [Fact]
    public async Task Replacement_SendsTheRestToTheNewUrl_WithTheNewHeaders()
    {
        await using var busy = await BusySubscription.StartAsync();
        await SubscriptionApi.CallAsync(
            busy.Server, HttpMethod.Put, $"/{BusySubscription.Id}", 200,
            SubscriptionApi.Body($"{busy.Receiver.Url}/new", busy.Body(""","headers":{"x-new":"1"}""")), busy.Key);
        busy.Release(204);

        await busy.EndsAsync(failures: 1);

        busy.Receiver.Received.Take(3).ShouldAllBe(static one => !one.Headers.ContainsKey("x-new"));
        busy.Receiver.Received.Skip(3).ShouldAllBe(static one => one["x-new"] == "1");
    }

    [Fact]
    public async Task Pause_LetsRequestsEnd_AndResumeSendsTheRest()
    {
        await using var busy = await BusySubscription.StartAsync();
        await OperateAsync(busy, "pause");
        busy.Release(204);

        await busy.RequestsEndAsync();
        await busy.StandsStillAsync();
        await OperateAsync(busy, "resume");

        await busy.EndsAsync(failures: 1);
    }

    [Fact]
    public async Task Gone_StopsEverything_AndResumeSendsThatRecordAgain()
    {
        await using var busy = await BusySubscription.StartAsync();
        busy.ReleaseFirst(410);
        await SubscriptionApi.WaitAsync(
            busy.Server, BusySubscription.Id, static one => one.Text("state") == "gone");

        // Only now: a request that ends before makes room for another one.
        busy.ReleaseSecond(204);
        await busy.RequestsEndAsync();
        await busy.StandsStillAsync();
        await OperateAsync(busy, "resume");

        await busy.EndsAsync(failures: 2);
    }

    [Fact]
    public async Task RevokedKey_StopsEverything_AndANewOwnerGoesOn()
    {
        await using var busy = await BusySubscription.StartAsync();
        (await KeyApi.StatusAsync(
            busy.Server, HttpMethod.Delete, "/v1/keys/alice", KeyApi.AdminKey(busy.Server))).ShouldBe(204);
        busy.Release(204);

        await busy.RequestsEndAsync();
        await busy.StandsStillAsync();
        (await SubscriptionApi.GetAsync(busy.Server, BusySubscription.Id)).Text("state").ShouldBe("revoked");
        await SubscriptionApi.SubscriberAsync(busy.Server, "bob");
        await SubscriptionApi.CallAsync(
            busy.Server, HttpMethod.Put, $"/{BusySubscription.Id}", 200,
            SubscriptionApi.Body(busy.Receiver.Url, busy.Body(""","owner":"bob" """)));

        await busy.EndsAsync(failures: 1);
    }

    [Fact]
    public async Task Deletion_LetsRequestsEnd_AndSendsNothingMore()
    {
        await using var busy = await BusySubscription.StartAsync();
        (await SubscriptionApi.CallAsync(
            busy.Server, HttpMethod.Delete, $"/{BusySubscription.Id}", 200, key: busy.Key))
            .GetProperty("dropped").GetInt32().ShouldBe(1);
        await SubscriptionApi.CreateAsync(busy.Server, busy.Receiver.Url, busy.Body(), busy.Key);
        busy.Release(500);

        await busy.StandsStillAsync();
    }

    [Fact]
    public async Task ChangeThatBeganBeforeADeletion_DoesNotMeetTheSubscriptionOfAnotherKey()
    {
        await using var server = await RunningServer.StartAsync();
        const string Url = "http://127.0.0.1:1/";
        var alice = await SubscriptionApi.SubscriberAsync(server, "alice");
        var bob = await SubscriptionApi.SubscriberAsync(server, "bob");
        await SubscriptionApi.CreateAsync(server, Url, """{"id":"s"}""", alice);
        await using var put = await LateBody.SendAsync(server, HttpMethod.Put, "/v1/subscriptions/s", alice);
        await SubscriptionApi.CallAsync(server, HttpMethod.Delete, "/s", 200, key: alice);
        await SubscriptionApi.CreateAsync(server, Url, """{"id":"s","streams":["b.*"]}""", bob);

        (await put.EndAsync("""{"url":"http://127.0.0.1:2/"}""")).ShouldBe(404);

        (await SubscriptionApi.GetAsync(server, "s", bob)).Text("url").ShouldBe(Url);
    }

    private static async Task OperateAsync(BusySubscription busy, string operation) =>
        await SubscriptionApi.CallAsync(
            busy.Server, HttpMethod.Post, $"/{BusySubscription.Id}/{operation}", 200, key: busy.Key);
}
