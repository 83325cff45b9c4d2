using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>What happens at the limits of deliveries.</summary>
public sealed class LimitTests
{
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);
    private static readonly DeliveryResult s_failed = new(Verdict.Failed, 500, "500");
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task WaitingMax_KeepsTheRecordAtTheCursor_AndLosesNothing()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.WaitingMax = 5);
        var subscription = await engine.SubscribeAsync("s", "concurrency=1");
        var isBroken = true;
        engine.Feature.Answer = request => Task.FromResult(
            isBroken && request.Record.Offset < 8 ? s_failed : s_done);
        await engine.AppendAsync(100, key: static index => $"{index % 50}");
        await engine.UntilAsync(() => engine.StatusOf("s").Waiting == 5, s_second);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        engine.StatusOf("s").Waiting.ShouldBe(5);
        engine.StatusOf("s").Lag.ShouldBeGreaterThan(0);
        await engine.CrashAsync();
        isBroken = false;
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, TimeSpan.FromSeconds(10));
        var taken = engine.Feature.Taken(subscription.Number);
        taken.Distinct().Count().ShouldBe(100);
        for (var key = 0; key < 50; key++)
        {
            taken.ToList().LastIndexOf($"{key}").ShouldBeLessThan(taken.ToList().IndexOf($"{key + 50}"));
        }
    }

    [Fact]
    public async Task OneKeyBeyondWaitingMax_StaysInOrder()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.WaitingMax = 5);
        var subscription = await engine.SubscribeAsync("s");
        var isBroken = true;
        engine.Feature.Answer = _ => Task.FromResult(isBroken ? s_failed : s_done);
        await engine.AppendAsync(300, key: static _ => "k");
        await engine.AdvanceAsync(s_second);
        engine.StatusOf("s").Waiting.ShouldBe(5);
        isBroken = false;
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, s_second);
        engine.Feature.Taken(subscription.Number).ShouldBe(Enumerable.Range(0, 300).Select(n => $"{n}"));
    }

    [Fact]
    public async Task DeadMax_Suspends()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.DeadMax = 3);
        await engine.SubscribeAsync("s");
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.AppendAsync(5);
        await engine.UntilAsync(
            () => engine.StatusOf("s").State == "suspended", TimeSpan.FromHours(1), stepsMax: 24 * 30);
        engine.StatusOf("s").Dead.ShouldBe(3);
        engine.StatusOf("s").Waiting.ShouldBe(2);
    }

    [Fact]
    public async Task AheadRecordsMax_StopsReading_UntilTheOldestIsSettled()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.AheadRecordsMax = 100);
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Offset == 0 ? slow.Task : Task.FromResult(s_done);
        await engine.AppendAsync(1_000);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Count.ShouldBeInRange(100, 100 + 256);
        slow.SetResult(s_done);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(1_000);
    }

    [Fact]
    public async Task SettledAheadOfTheCursor_IsNotSentAgain_AfterACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Offset == 0 ? slow.Task : Task.FromResult(s_done);
        await engine.AppendAsync(500);
        await engine.SettleAsync();
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        var crash = engine.CrashAsync();
        slow.SetResult(s_done);
        await crash;
        await engine.SettleAsync();
        var taken = engine.Feature.Taken(subscription.Number);
        taken.Count(static one => one == "0").ShouldBe(2, "its outcome was not committed");
        taken.Count.ShouldBe(501);
        engine.StatusOf("s").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task ExpiredRecords_AreSkippedAndCounted()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "expire=60");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(10);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(2));
        await engine.AppendAsync(5);
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(5);
        engine.StatusOf("s").Expired.ShouldBe(10);
        engine.StatusOf("s").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task RowsThatAreNotCommitted_StayWithinQueuedBytesMax()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.QueuedBytesMax = 20_000);
        var subscription = await engine.SubscribeAsync("s");
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.AppendAsync(1, key: static _ => "k");
        await engine.SettleAsync();
        engine.StatusOf("s").Waiting.ShouldBe(1);
        var blocked = new TaskCompletionSource();
        var turn = engine.Engine.Committer.InTurnAsync(async () =>
        {
            await blocked.Task;
            return true;
        });
        await engine.AppendAsync(1_000, key: static _ => "k");
        for (var count = 0; count < 100; count++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        engine.StatusOf("s").Waiting.ShouldBeLessThan(100);
        engine.Engine.Parts.QueuedBytes.ShouldBeLessThan(21_000);
        blocked.SetResult();
        await turn;
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, s_second);
        engine.Feature.Taken(subscription.Number).ShouldBe(Enumerable.Range(0, 1_001).Select(n => $"{n}"));
        engine.Engine.Parts.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task UncommittedOutcomes_HoldRequestsBack()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        var blocked = new TaskCompletionSource();
        var turn = engine.Engine.Committer.InTurnAsync(async () =>
        {
            await blocked.Task;
            return true;
        });
        try
        {
            await engine.AppendAsync(1);
            await engine.UntilUncommittedAsync(1);
            engine.Time.Advance(TimeSpan.FromSeconds(2));
            await engine.AppendAsync(50);
            for (var count = 0; count < 50; count++)
            {
                engine.Time.Advance(s_second);
                await Task.Delay(
                    TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            engine.Feature.Tries.Count.ShouldBe(1);
        }
        finally
        {
            blocked.SetResult();
        }

        await turn;
        await engine.SettleAsync();
        engine.Feature.Tries.Count.ShouldBe(51);
    }
}
