using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Deliveries.Why;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>
/// A key learns nothing about records that it may not read: not that they exist, and not whether its filter matches.
/// </summary>
public sealed class RightsTests
{
    private const string Feature = ScriptedFeature.FeatureName;

    [Fact]
    public async Task OldRecordThatTheOwnerMayNotRead_LeavesNoTrace()
    {
        await using var engine = await StartAsync();
        await engine.AppendAsync(1, "hidden", payload: static _ => """{"x":1}""");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(2));

        await SubscribeAsync(engine, "expire=60;filter=x=1");
        await engine.SettleAsync();

        engine.StatusOf("s").Lag.ShouldBe(0);
        engine.StatusOf("s").Expired.ShouldBe(0);
        engine.State.Read(static connection => connection.Query(
            "SELECT count(*) FROM delivery_history", static row => row.GetInt32(0))).Single().ShouldBe(0);
        (await WhyAsync(engine, "hidden@0")).State.ShouldBe("not-entitled");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RecordThatTheOwnerMayNotRead_DoesNotWaitBehindItsKey(bool isReadMeanwhile)
    {
        await using var engine = await StartAsync();
        var subscription = await SubscribeAsync(engine, "");
        var answer = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = _ => answer.Task;
        await engine.AppendAsync(1, "open", key: static _ => "k");
        await engine.SettleAsync();
        if (isReadMeanwhile)
        {
            await engine.AppendAsync(1, "hidden", key: static _ => "k");
            await engine.SettleAsync();
        }

        answer.SetResult(new DeliveryResult(Verdict.Failed, 500, "500"));
        await engine.SettleAsync();
        if (!isReadMeanwhile)
        {
            await engine.AppendAsync(1, "hidden", key: static _ => "k");
            await engine.SettleAsync();
        }

        engine.StatusOf("s").Waiting.ShouldBe(1);
        (await WhyAsync(engine, "hidden@0")).State.ShouldBe("not-entitled");
        engine.Feature.Answer = static _ => Task.FromResult(new DeliveryResult(Verdict.Done, 200));
        await engine.UntilAsync(
            () => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, TimeSpan.FromSeconds(1), stepsMax: 60);
        engine.Feature.Taken(subscription.Number).ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("0", "before-start")]
    [InlineData("1", "skipped")]
    [InlineData("2", "not-entitled")]
    public async Task Why_DoesNotNameARecordThatTheOwnerMayNotRead(string record, string state)
    {
        await using var engine = await StartAsync();
        await engine.AppendAsync(1, "hidden");
        await SubscribeAsync(engine, "", start: 1);
        await engine.Subscriptions.PauseAsync(Feature, "s");
        await engine.AppendAsync(1, "hidden");
        await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: true);
        await engine.AppendAsync(1, "hidden");
        await engine.SettleAsync();

        var why = await WhyAsync(engine, record);

        why.State.ShouldBe(state);
        why.Text.ShouldNotContain("hidden");
        (why.Record, why.EventId).ShouldBe((null, null));
    }

    [Fact]
    public async Task SubscriptionThatAnotherHasTheIdOf_IsNotChanged()
    {
        await using var engine = await StartAsync();
        await SubscribeAsync(engine, "");
        var seen = engine.StatusOf("s");
        await engine.Subscriptions.DeleteAsync(Feature, "s");
        await engine.SubscribeAsync("s", "streams=open");

        var subscriptions = engine.Subscriptions;
        Task<SubscriptionChange>[] changes =
        [
            subscriptions.ReplaceAsync(Feature, "s", static _ => "streams=hidden", seen.Owner, version: 1, seen),
            subscriptions.PauseAsync(Feature, "s", seen),
            subscriptions.ResumeAsync(Feature, "s", fromNow: true, seen),
            subscriptions.ReplayAsync(Feature, "s", 0, null, seen),
            subscriptions.CancelReplayAsync(Feature, "s", seen),
            subscriptions.DeleteAsync(Feature, "s", seen),
        ];

        (await Task.WhenAll(changes)).ShouldAllBe(static change => change.Outcome == ChangeOutcome.NotFound);
        var found = engine.StatusOf("s");
        (found.Owner, found.Definition, found.State, found.Version).ShouldBe(
            (Subscription.ConfigurationOwner, "streams=open", "active", 1));
    }

    [Fact]
    public async Task SubscriptionThatGotAnotherOwner_IsNotChanged()
    {
        await using var engine = await StartAsync();
        await SubscribeAsync(engine, "");
        var seen = engine.StatusOf("s");
        await engine.Subscriptions.ReplaceAsync(
            Feature, "s", static known => known, Subscription.ConfigurationOwner);

        (await engine.Subscriptions.DeleteAsync(Feature, "s", seen)).Outcome.ShouldBe(ChangeOutcome.NotFound);
    }

    private static async Task<TestEngine> StartAsync()
    {
        var engine = await TestEngine.StartAsync();
        await engine.Keys.CreateAsync(
            new KeyRequest { Id = "owner", Roles = ["subscribe", "read"], Streams = ["open"] });
        return engine;
    }

    private static async Task<Subscription> SubscribeAsync(TestEngine engine, string definition, long start = 0) =>
        (await engine.Subscriptions.CreateAsync(
            Feature, "s", "owner", definition, start, countMax: 10, static _ => false)).Subscription.ShouldNotBeNull();

    private static async Task<WhyAnswer> WhyAsync(TestEngine engine, string record)
    {
        engine.Engine.Book.TryFind("s", out var subscription).ShouldBeTrue();
        var facts = await engine.Get<WhySearch>().FindAsync(subscription!, RecordName.TryParse(record)!);
        return new WhyJudge(facts.ShouldNotBeNull()).Judge();
    }
}
