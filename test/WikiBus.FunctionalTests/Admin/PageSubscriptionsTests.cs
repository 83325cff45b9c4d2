using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Admin;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.FunctionalTests.Admin;

/// <summary>The subscriptions that the page gets.</summary>
public sealed class PageSubscriptionsTests
{
    [Fact]
    public async Task Keys_SeeWhatTheirRightsShow()
    {
        await using var server = await StartAsync(new AnsweringFeature());
        var mine = await KeyApi.CreateAsync(server, """{"id":"mine","roles":["subscribe"]}""");
        var reader = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        await SubscribeAsync(server, "a", "mine");
        await SubscribeAsync(server, "b", "other");

        (await IdsAsync(server, mine)).ShouldBe(["a"]);
        (await IdsAsync(server, KeyApi.AdminKey(server))).ShouldBe(["a", "b"], ignoreOrder: true);
        (await IdsAsync(server, reader)).ShouldBeEmpty();
        (await IdsAsync(server, key: null)).ShouldBeEmpty();
        (await IdsAsync(server, "wikibus_wrong")).ShouldBeEmpty();
    }

    [Fact]
    public async Task ThoseThatNeedAPerson_AreFirst_AndTheirErrorIsShown()
    {
        var feature = new AnsweringFeature { Answer = new DeliveryResult(Verdict.Gone, 410, "It wants nothing.") };
        await using var server = await StartAsync(feature);
        await SubscribeAsync(server, "a", Subscription.ConfigurationOwner, stream: "other");
        await SubscribeAsync(server, "z", Subscription.ConfigurationOwner);
        await TestEvents.AppendAsync(server, "test.event", 0, 1, 2);
        await UntilAsync(server, "z", static status => status.State == "gone");

        var answer = await GetAsync(server, KeyApi.AdminKey(server));

        answer.GetProperty("count").GetInt32().ShouldBe(2);
        var first = answer.GetProperty("items")[0];
        first.GetProperty("id").GetString().ShouldBe("z");
        first.GetProperty("state").GetString().ShouldBe("gone");
        first.GetProperty("lag").GetInt64().ShouldBe(3);
        first.GetProperty("waiting").GetInt32().ShouldBe(0);
        first.GetProperty("lastError").GetProperty("record").GetString().ShouldBe("test.event@0");
        first.GetProperty("lastError").GetProperty("message").GetString().ShouldBe("It wants nothing.");
        first.ToString().ShouldNotContain("definition");
    }

    [Fact]
    public async Task MoreThanThePageShows_AreCounted()
    {
        await using var server = await StartAsync(new AnsweringFeature());
        for (var number = 0; number <= PageSubscriptions.CountMax; number++)
        {
            await SubscribeAsync(server, $"s{number}", Subscription.ConfigurationOwner);
        }

        var answer = await GetAsync(server, KeyApi.AdminKey(server));

        answer.GetProperty("count").GetInt32().ShouldBe(PageSubscriptions.CountMax + 1);
        answer.GetProperty("items").GetArrayLength().ShouldBe(PageSubscriptions.CountMax);
    }

    internal static async Task SubscribeAsync(
        RunningServer server, string id, string owner, string stream = "test.event")
    {
        var change = await server.Services.GetRequiredService<Subscriptions>().CreateAsync(
            AnsweringFeature.FeatureName, id, owner, stream, start: 0, countMax: 1_000, isSame: static _ => false);
        change.Outcome.ShouldBe(ChangeOutcome.Done);
    }

    internal static async Task UntilAsync(RunningServer server, string id, Func<SubscriptionStatus, bool> condition)
    {
        var subscriptions = server.Services.GetRequiredService<Subscriptions>();
        var token = TestTime.Token();
        while (!condition(subscriptions.Find(AnsweringFeature.FeatureName, id)!))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, token);
        }
    }

    private static Task<RunningServer> StartAsync(AnsweringFeature feature) =>
        RunningServer.StartAsync(services => services.AddSingleton<IDeliveryFeature>(feature));

    private static async Task<IReadOnlyList<string?>> IdsAsync(RunningServer server, string? key) =>
        [.. (await GetAsync(server, key)).GetProperty("items").EnumerateArray().Select(IdOf)];

    private static string? IdOf(JsonElement item) => item.GetProperty("id").GetString();

    private static async Task<JsonElement> GetAsync(RunningServer server, string? key)
    {
        using var response = await KeyApi.SendAsync(server, HttpMethod.Get, "/page/subscriptions", key);
        ((int)response.StatusCode).ShouldBe(200);
        return await KeyApi.ReadAsync(response);
    }
}
