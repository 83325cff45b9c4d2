using System.Text;
using WikiBus.Server.Deliveries.DeadLetters;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries.DeadLetters;

public sealed class DeadLetterStoreTests
{
    [Fact]
    public async Task Replayed_IsSentAtOnce_ItsTriesBeginAgain_AndItMayDieAgain()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.FailAll();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(1, key: static _ => "k");
        await engine.DieAsync("s", 1);
        engine.Feature.Tries.Clear();
        var count = await engine.Get<DeadLetterStore>().ReplayAsync(static _ => true, new DeadFilter(Number: 1));
        count.ShouldBe(new DeadLetterCount(1, 0));
        await engine.SettleAsync();
        engine.Feature.Tries.Select(static one => one.Try).ShouldBe([1]);
        Counts(engine).ShouldBe((1, 0));
        await engine.DieAsync("s", 1);
        engine.Feature.Tries.Select(static one => one.Try).ShouldBe(Enumerable.Range(1, 11));
        Counts(engine).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Replayed_IsDeliveredOnce_AlsoOverACrash_AndHoldsNobody()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        engine.FailAll();
        await engine.AppendAsync(1, key: static _ => "k");
        await engine.DieAsync("s", 1);
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.Get<DeadLetterStore>().ReplayAsync(static _ => true, new DeadFilter());
        await engine.CrashAsync();
        Counts(engine).ShouldBe((1, 0));
        await engine.AppendAsync(1, key: static _ => "k");
        engine.Feature.Answer = static request => Task.FromResult(
            request.Record.Position == 0 ? new DeliveryResult(Verdict.Failed, 500, "500") : new(Verdict.Done, 200));
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(["1"]);
        engine.Feature.Answer = static _ => Task.FromResult(new DeliveryResult(Verdict.Done, 200));
        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        engine.Feature.Taken(subscription.Number).ShouldBe(["1", "0"]);
        Counts(engine).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Replay_StopsWhereWaitingMaxDoes_AndSaysHowManyAreLeft()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.WaitingMax = 5);
        engine.FailAll();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(5);
        await engine.DieAsync("s", 5);
        engine.Get<WikiBus.Server.Deliveries.Settings.DeliveriesOptions>().WaitingMax = 3;
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        var store = engine.Get<DeadLetterStore>();
        (await store.ReplayAsync(static _ => true, new DeadFilter())).ShouldBe(new DeadLetterCount(3, 2));
        (await store.ReplayAsync(static _ => true, new DeadFilter())).ShouldBe(new DeadLetterCount(0, 2));
        Counts(engine).ShouldBe((3, 2));
    }

    [Fact]
    public async Task ReplayAndDrop_OfMoreThanAStep_TakeAll_AndBytesAgree()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.FailAll();
        await engine.SubscribeAsync("s");
        await engine.SubscribeAsync("other", "streams=b");
        await engine.AppendAsync(1_234, key: static _ => "k");
        await engine.AppendAsync(1, "b", key: static _ => "k");
        await engine.SettleAsync();
        await GiveUpAsync(engine);
        await engine.CrashAsync();
        Counts(engine).ShouldBe((0, 1_235));
        var bytes = engine.Engine.Parts.Room.Bytes;
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        var store = engine.Get<DeadLetterStore>();
        var replayed = await store.ReplayAsync(static one => one.Id == "s", new DeadFilter(Stream: "a"));
        replayed.ShouldBe(new DeadLetterCount(1_234, 0));
        engine.Engine.Parts.Room.Bytes.ShouldBe(bytes);
        Counts(engine).ShouldBe((1_234, 1));
        await GiveUpAsync(engine);
        await engine.CrashAsync();
        store = engine.Get<DeadLetterStore>();
        (await store.DropAsync(static one => one.Id == "s", new DeadFilter(), "")).ShouldBe(1_235);
        Counts(engine).ShouldBe((0, 0));
        await engine.CrashAsync();
        Counts(engine).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Dropped_LeavesARowOfHistoryEach_AndTheSubscriptionStaysSuspended()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.DeadMax = 2);
        engine.FailAll();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(2);
        await engine.DieAsync("s", 2);
        engine.StatusOf("s").State.ShouldBe("suspended");
        var store = engine.Get<DeadLetterStore>();
        (await store.DropAsync(static _ => true, new DeadFilter(), "For a test.")).ShouldBe(2);
        engine.State.Read(static connection => HistoryTable.Read(
                connection, 1, new HistoryFilter(Verdict: Verdict.Dropped), before: null, 10))
            .Select(static row => (row.Try.Position, row.Try.Message)).Order()
            .ShouldBe([(0, "For a test."), (1, "For a test.")]);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        engine.StatusOf("s").State.ShouldBe("suspended");
        await engine.RestartAsync();
        engine.StatusOf("s").State.ShouldBe("suspended");
        Counts(engine).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Pages_GoOverSubscriptionsAndFilters_AndNeverRepeat()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.FailAll();
        await engine.SubscribeAsync("s");
        await engine.SubscribeAsync("t", "streams=b");
        await engine.AppendAsync(3);
        await engine.AppendAsync(2, "b", payload: static _ => "\"text\"");
        await engine.DieAsync("s", 5);
        var store = engine.Get<DeadLetterStore>();
        (await ReadAllAsync(new DeadFilter())).Select(static one => one.Subscription.Id)
            .ShouldBe(["s", "s", "s", "s", "s", "t", "t"]);
        (await ReadAllAsync(new DeadFilter(Stream: "b"))).Count.ShouldBe(4);
        var now = engine.Time.GetUtcNow();
        (await ReadAllAsync(new DeadFilter(Until: now - TimeSpan.FromDays(1)))).ShouldBeEmpty();
        (await ReadAllAsync(new DeadFilter(Since: now + TimeSpan.FromDays(1)))).ShouldBeEmpty();
        (await ReadAllAsync(new DeadFilter(Since: now - TimeSpan.FromDays(1)))).Count.ShouldBe(7);
        var number = (await ReadAllAsync(new DeadFilter()))[^1].Letter.Number;
        var content = await store.FindAsync(static one => one.Id == "t", number);
        content.ShouldNotBeNull().ContentType.ShouldBe("application/json");
        Encoding.UTF8.GetString(content.Payload).ShouldBe("\"text\"");
        (await store.FindAsync(static one => one.Id == "s", number)).ShouldBeNull();

        async Task<List<FoundLetter>> ReadAllAsync(DeadFilter filter)
        {
            var all = new List<FoundLetter>();
            (long, DeadPlace)? after = null;
            DeadLetterPage page;
            do
            {
                page = await store.ListAsync(static _ => true, filter, after, 2);
                all.AddRange(page.Letters);
                after = page.Letters is [.., var last] ? (last.Subscription.Number, last.Letter.Place) : after;
            }
            while (page.HasMore);
            return all;
        }
    }

    // As if all attempts had failed; the engine sees it after a crash.
    private static Task GiveUpAsync(TestEngine engine) => engine.State.ChangeAsync(static connection =>
        connection.Execute("UPDATE delivery_waiting SET dead_at = time_ms, next_at = NULL"));

    private static (int Waiting, int Dead) Counts(TestEngine engine)
    {
        var status = engine.StatusOf("s");
        return (status.Waiting, status.Dead);
    }
}
