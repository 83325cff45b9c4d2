using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Tests.Deliveries;

public sealed class DeliveryEngineTests
{
    [Fact]
    public async Task Records_ArriveInOrder_FromTheStartOn()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.AppendAsync(5);
        var late = await engine.SubscribeAsync("late");
        var early = await engine.SubscribeAsync("early", start: 0);
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        engine.Feature.Taken(late.Number).ShouldBe(["5", "6", "7", "8", "9"], ignoreOrder: true);
        engine.Feature.Taken(early.Number).Count.ShouldBe(10);
        engine.StatusOf("late").Lag.ShouldBe(0);
        engine.StatusOf("early").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task Cursor_IsKeptOverARestart_AndNothingIsSentTwice()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "order=strict");
        await engine.AppendAsync(20);
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.AppendAsync(20);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(Enumerable.Range(0, 40).Select(n => $"{n}"));
    }

    [Fact]
    public async Task Failed_WaitsAndIsRetried_ByTheSchedule_AndIsDeadAtLast()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        engine.Feature.Answer = static request => Task.FromResult(
            request.Record.Stream == "bad" ? new DeliveryResult(Verdict.Failed, 500, "500") : new(Verdict.Done, 200));
        await engine.AppendAsync(1, "bad");
        await engine.SettleAsync();
        var good = 0;
        for (var attempt = 1; attempt < RetrySchedule.AttemptsMax; attempt++)
        {
            engine.StatusOf("s").Waiting.ShouldBe(1);
            await engine.AppendAsync(3, "good");
            good += 3;
            await engine.UntilAsync(() => Attempts() > attempt, TimeSpan.FromMinutes(attempt < 4 ? 0.02 : 10));
        }

        await engine.SettleAsync();
        engine.StatusOf("s").Dead.ShouldBe(1);
        engine.StatusOf("s").Waiting.ShouldBe(0);
        engine.StatusOf("s").Lag.ShouldBe(0);
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(good);
        TimeSpan[] delays =
        [
            TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
            TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
            TimeSpan.FromHours(20), TimeSpan.FromHours(24),
        ];
        var tries = engine.Feature.Tries.Where(static one => one.Stream == "bad").ToList();
        tries.Select(static one => one.Try).ShouldBe(Enumerable.Range(1, 11));
        for (var index = 0; index < delays.Length; index++)
        {
            var delay = tries[index + 1].At - tries[index].At;
            (delay / delays[index]).ShouldBeInRange(0.79, index < 4 ? 1.65 : 1.31, $"delay {index}: {delay}");
        }

        await engine.AdvanceAsync(TimeSpan.FromDays(3));
        Attempts().ShouldBe(11);

        int Attempts() => engine.Feature.Tries.Count(static one => one.Stream == "bad");
    }

    [Fact]
    public async Task FailedKey_HoldsItsLaterRecords_AlsoOverACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var isBroken = true;
        engine.Feature.Answer = request => Task.FromResult(
            isBroken && request.Record.Offset % 2 == 0
                ? new DeliveryResult(Verdict.Failed, 500, "500")
                : new DeliveryResult(Verdict.Done, 200));
        await engine.AppendAsync(10, key: index => $"{index % 2}");
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(["1", "3", "5", "7", "9"]);
        engine.StatusOf("s").Waiting.ShouldBe(5);
        await engine.CrashAsync();
        await engine.AppendAsync(2, key: static _ => "0");
        await engine.SettleAsync();
        engine.StatusOf("s").Waiting.ShouldBe(7);
        isBroken = false;
        await engine.UntilAsync(() => engine.StatusOf("s").Waiting == 0, TimeSpan.FromSeconds(1));
        engine.Feature.Taken(subscription.Number)
            .ShouldBe(["1", "3", "5", "7", "9", "0", "2", "4", "6", "8", "10", "11"]);
    }

    [Fact]
    public async Task Down_CountsNoAttempt_WritesNoRowPerRecord_AndSendsAllInOrder()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "order=strict");
        var isDown = true;
        engine.Feature.Answer = _ => Task.FromResult(
            isDown ? new DeliveryResult(Verdict.Down, null, "refused", "refused") : new(Verdict.Done, 200));
        await engine.AppendAsync(1_000);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        engine.StatusOf("s").State.ShouldBe("down");
        engine.StatusOf("s").Reason.ShouldBe("refused");
        await engine.UntilAsync(
            () => engine.StatusOf("s").DownSince <= engine.Time.GetUtcNow() - TimeSpan.FromHours(1),
            TimeSpan.FromSeconds(10));
        engine.Feature.Tries.Count.ShouldBeInRange(55, 75);
        engine.StatusOf("s").Waiting.ShouldBe(0);
        isDown = false;
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, TimeSpan.FromSeconds(10));
        engine.Feature.Taken(subscription.Number).ShouldBe(Enumerable.Range(0, 1_000).Select(n => $"{n}"));
        engine.StatusOf("s").State.ShouldBe("active");
        engine.StatusOf("s").DownSince.ShouldBeNull();
    }
}
