using WikiBus.FunctionalTests.Infrastructure;
using static WikiBus.FunctionalTests.Dream.ChainApi;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>What the tests of Dream assert about linked services, and the recorded exchanges do not show.</summary>
public sealed class ChainConformanceTests
{
    private const int Subscribers = 20;

    [Fact]
    public async Task ServiceWithSeveralUpstreams_GetsTheEventsOfEach_ForEachOfItsSubscribers()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var first = await RunningServer.StartAsync();
        await using var second = await RunningServer.StartAsync();
        await using var third = await RunningServer.StartAsync();
        await using var own = await StartAsync(
            [("Upstream", first), ("Upstream", second), ("Upstream", third)], "http://127.0.0.1:0");
        var key = await DreamApi.MakeKeyAsync(own, Roles);
        for (var number = 0; number < Subscribers; number++)
        {
            await DreamApi.CreateAsync(
                own, key, $"loc{number}", Set($"{number}", "event://*/deki/pages/*", recipient, $"?at={number}")
                    .Replace("<recipient>", $"<recipient authtoken='t{number}'>"));
        }

        foreach (var upstream in (RunningServer[])[first, second, third])
        {
            await TestTime.UntilAsync(async () => HasAll(await CombinedAsync(upstream)));
            await PublishAsync(
                upstream, await DreamApi.MakeKeyAsync(upstream, Roles), $"{upstream.Address.Port}",
                "event://default/deki/pages/create");
        }

        await recipient.WaitAsync(3 * Subscribers);
        await TestTime.UntilAsync(() => DreamApi.Destinations(own).All(static one => one.Lag == 0));
        recipient.Received.Count.ShouldBe(3 * Subscribers);
        recipient.Received.Select(static one => one["x-dream-event-id"] + one["x-dream-event-recipient-uri"])
            .Distinct().Count().ShouldBe(3 * Subscribers);
        foreach (var upstream in (RunningServer[])[first, second, third])
        {
            recipient.Received.Where(one => one["x-dream-event-id"] == $"{upstream.Address.Port}")
                .ShouldAllBe(one => one["x-dream-event-via-uri"] == $"{UriOf(upstream)},{UriOf(own)}");
        }
    }

    [Theory]
    [InlineData("Downstream")]
    [InlineData("Upstream")]
    public async Task ReplacedSet_ReplacesItsChannelsAtTheOtherService(string list)
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var other = await RunningServer.StartAsync();
        await using var own = await StartAsync((list, other));
        var (up, down) = list == "Downstream" ? (own, other) : (other, own);
        await DreamApi.CreateAsync(
            down, await DreamApi.MakeKeyAsync(down, Roles), "loc1", Set("1", "event://*/a/*", recipient));
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains("event://*/a/*"));
        await DreamApi.ReplaceAsync(down, "loc1", Set("1", "event://*/b/*", recipient));
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains("event://*/b/*"));
        (await CombinedAsync(up)).ShouldNotContain("event://*/a/*");

        var key = await DreamApi.MakeKeyAsync(up, Roles);
        await PublishAsync(up, key, "old", "event://default/a/x");
        await PublishAsync(up, key, "new", "event://default/b/x");
        await recipient.WaitAsync(1);
        await TestTime.UntilAsync(() => DreamApi.Destinations(up).Concat(DreamApi.Destinations(down)).All(
            static one => one.Lag == 0));
        recipient.Received.ShouldHaveSingleItem()["x-dream-event-id"].ShouldBe("new");
    }

    private static bool HasAll(string combined) => Enumerable.Range(0, Subscribers).All(
        number => combined.Contains($"?at={number}</uri>", StringComparison.Ordinal)
            && combined.Contains($"authtoken=\"t{number}\"", StringComparison.Ordinal));
}
