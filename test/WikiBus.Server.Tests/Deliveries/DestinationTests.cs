using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>Recipients that are away, slow, or refuse.</summary>
public sealed class DestinationTests
{
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);
    private static readonly DeliveryResult s_failed = new(Verdict.Failed, 500, "500");
    private static readonly DeliveryResult s_unavailable = new(Verdict.Down, 503, "503", "unavailable");
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task BadRecipients_DelayNobody()
    {
        await using var engine = await TestEngine.StartAsync();
        var hangs = await engine.SubscribeAsync("hangs");
        var fails = await engine.SubscribeAsync("fails");
        var refuses = await engine.SubscribeAsync("refuses");
        var good = await engine.SubscribeAsync("good");
        engine.Feature.Answer = request =>
            request.Number == hangs.Number ? TimeOutAsync(engine)
            : Task.FromResult(
                request.Number == fails.Number ? s_failed
                : request.Number == refuses.Number ? new DeliveryResult(Verdict.Down, null, "refused", "refused")
                : s_done);
        for (var minute = 0; minute < 60; minute++)
        {
            await engine.AppendAsync(10, key: static index => $"{index}");
            var tries = engine.Feature.Tries.Count;
            await engine.SettleAsync();
            engine.StatusOf("good").Lag.ShouldBe(0);
            (engine.Feature.Tries.Count - tries - 10).ShouldBeLessThanOrEqualTo(20, "tries of others meanwhile");
            await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        engine.Feature.Taken(good.Number).Count.ShouldBe(600);
    }

    [Fact]
    public async Task GoodRecipient_BesideAHundredThatHang_WaitsForNone()
    {
        await using var engine = await TestEngine.StartAsync();
        var good = await engine.SubscribeAsync("good");
        for (var index = 0; index < 100; index++)
        {
            await engine.SubscribeAsync($"hangs-{index}");
        }

        engine.Feature.Answer = request =>
            request.Number == good.Number ? Task.FromResult(s_done) : TimeOutAsync(engine);
        for (var round = 0; round < 20; round++)
        {
            await engine.AppendAsync(50, key: static index => $"{index}");
            await engine.SettleAsync();
            engine.Feature.Taken(good.Number).Count.ShouldBe(50 * (round + 1));
            await engine.AdvanceAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task RecipientThatBeginsToHang_GivesItsSlotsBack()
    {
        await using var engine = await TestEngine.StartAsync();
        var bad = await engine.SubscribeAsync("bad", "streams=bad;concurrency=1000");
        var good = await engine.SubscribeAsync("good", "streams=good");
        await engine.AppendAsync(1, "bad");
        await engine.AppendAsync(1, "good");
        await engine.SettleAsync();
        var never = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Number == bad.Number ? never.Task : Task.FromResult(s_done);
        await engine.AppendAsync(500, "bad");
        await engine.UntilAsync(() => engine.Feature.HangingCount >= 64, TimeSpan.Zero, stepsMax: 100);
        await engine.AppendAsync(50, "good", key: static index => $"{index}");
        await engine.UntilAsync(
            () => engine.Feature.Taken(good.Number).Count == 51, TimeSpan.FromSeconds(1), stepsMax: 5);
        for (var second = 0; second < 60; second++)
        {
            await engine.AppendAsync(10, "good", key: static index => $"{index}");
            await engine.AdvanceAsync(s_second);
        }

        engine.Feature.Taken(good.Number).Count.ShouldBe(651);
        engine.Feature.HangingCount.ShouldBeLessThanOrEqualTo(96, "those of the beginning, and half of the slots");
        never.SetResult(s_done);
        await engine.UntilAsync(() => engine.StatusOf("bad").Lag == 0, s_second, stepsMax: 60);
        engine.Feature.Taken(bad.Number).Count.ShouldBe(501);
    }

    [Fact]
    public async Task RecordThatAloneIsAnsweredUnavailable_IsBlamed_AndTheOthersGoOn()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        engine.Feature.Answer = static request => Task.FromResult(
            request.Record.Stream == "bad" ? s_unavailable : s_done);
        await engine.AppendAsync(1, "bad", key: static _ => "bad");
        await engine.AppendAsync(500, "good", key: static index => $"{index}");
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, s_second, stepsMax: 60);
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(500);
        engine.StatusOf("s").Waiting.ShouldBe(1);

        // Each further attempt brings the destination down again, and the next good record brings it up.
        await engine.UntilAsync(
            () =>
            {
                if (engine.StatusOf("s").State == "down")
                {
                    engine.AppendAsync(1, "good", key: static _ => "x").GetAwaiter().GetResult();
                }

                return engine.StatusOf("s").Dead == 1;
            },
            TimeSpan.FromMinutes(5));
        engine.StatusOf("s").Waiting.ShouldBe(0);
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, s_second, stepsMax: 60);
    }

    [Fact]
    public async Task TenDifferentFailures_MakeItFailing_AndTheFirstSuccessEndsThat()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var isBroken = true;
        engine.Feature.Answer = _ => Task.FromResult(isBroken ? s_failed : s_done);
        await engine.AppendAsync(1_000, key: static index => $"{index}");
        await engine.SettleAsync();
        engine.StatusOf("s").State.ShouldBe("down");
        engine.StatusOf("s").Reason.ShouldBe("failing");
        engine.Feature.Tries.Count.ShouldBeInRange(10, 20);
        await engine.UntilAsync(() => engine.StatusOf("s").Waiting > 20, s_second);
        await engine.UntilAsync(
            () => engine.StatusOf("s").DownSince <= engine.Time.GetUtcNow() - TimeSpan.FromHours(1),
            TimeSpan.FromSeconds(10));
        engine.Feature.Tries.Count.ShouldBeInRange(60, 110);
        isBroken = false;
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, TimeSpan.FromMinutes(1));
        engine.Feature.Taken(subscription.Number).Distinct().Count().ShouldBe(1_000);
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(1_000);
        engine.StatusOf("s").State.ShouldBe("active");
    }

    [Fact]
    public async Task FiveDaysDown_Suspends_AndResumeSendsAll()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        var isDown = true;
        engine.Feature.Answer = _ => Task.FromResult(isDown ? s_unavailable : s_done);
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        await engine.UntilAsync(() => engine.StatusOf("s").State == "suspended", TimeSpan.FromHours(1), stepsMax: 125);
        var tries = engine.Feature.Tries.Count;
        await engine.RestartAsync();
        await engine.AdvanceAsync(TimeSpan.FromDays(1));
        engine.StatusOf("s").State.ShouldBe("suspended");
        engine.Feature.Tries.Count.ShouldBe(tries);
        isDown = false;
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.StatusOf("s").Lag.ShouldBe(0);
        engine.StatusOf("s").State.ShouldBe("active");
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1_800, 1_800)]
    [InlineData(7_200, 3_600)]
    public async Task RetryAfter_IsObeyed_UpToOneHour(int asked, int obeyed)
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        engine.Feature.Answer = _ => Task.FromResult(
            engine.Feature.Tries.IsEmpty ? s_unavailable with { RetryAfter = TimeSpan.FromSeconds(asked) } : s_done);
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        for (var passed = 0; passed < obeyed - 5; passed += 5)
        {
            await engine.AdvanceAsync(TimeSpan.FromSeconds(5));
        }

        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, s_second);
        var tries = engine.Feature.Tries.ToList();
        (tries[1].At - tries[0].At).TotalSeconds.ShouldBeInRange(obeyed - 1, obeyed + 5);
    }

    [Fact]
    public async Task LateSuccess_DoesNotOverruleRetryAfter()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        var late = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Offset == 0 ? late.Task : Task.FromResult(
            engine.Feature.Tries.IsEmpty ? s_unavailable with { RetryAfter = TimeSpan.FromMinutes(10) } : s_done);
        await engine.AppendAsync(2);
        await engine.SettleAsync();
        late.SetResult(s_done);
        await engine.SettleAsync();
        engine.StatusOf("s").State.ShouldBe("down");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(9));
        engine.StatusOf("s").Lag.ShouldBe(1);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(2));
        engine.StatusOf("s").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task ProbeOfAnEarlierOutage_DoesNotEndALaterOne()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        var late = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request switch
        {
            { Record.Offset: 0, Try: 1 } => Task.FromResult(s_unavailable),
            { Record.Offset: 0 } => late.Task,
            { Try: 1 } => Task.FromResult(s_unavailable with { RetryAfter = TimeSpan.FromMinutes(10) }),
            _ => Task.FromResult(s_done),
        };
        await engine.AppendAsync(1);
        await engine.UntilAsync(() => engine.Feature.HangingCount == 1, s_second, stepsMax: 10);
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        late.SetResult(s_done);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(9));
        var status = engine.StatusOf("s");
        (status.State, status.Lag, status.Waiting).ShouldBe(("down", 1, 0));
        await engine.AdvanceAsync(TimeSpan.FromMinutes(2));
        engine.StatusOf("s").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task Gone_StopsUntilSomebodyResumes_AndTheRecordIsSentAgain()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "order=strict");
        engine.Feature.Answer = request => Task.FromResult(
            request.Record.Offset == 2 && request.Try == 1 ? new DeliveryResult(Verdict.Gone, 410, "410") : s_done);
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        engine.StatusOf("s").State.ShouldBe("gone");
        await engine.RestartAsync();
        await engine.AdvanceAsync(TimeSpan.FromDays(1));
        engine.StatusOf("s").State.ShouldBe("gone");
        engine.StatusOf("s").Lag.ShouldBe(3);
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(["0", "1", "2", "3", "4"]);
        engine.Feature.Tries.Single(static one => one is { Payload: "2", Verdict: Verdict.Done }).Try.ShouldBe(2);
    }

    [Fact]
    public async Task StrictOrder_CountsUnavailableFromTheTenthProbeOn()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "order=strict");
        engine.Feature.Answer = static request => Task.FromResult(request.Record.Offset == 0 ? s_unavailable : s_done);
        await engine.AppendAsync(3);
        await engine.UntilAsync(() => engine.StatusOf("s").Waiting == 1, s_second, stepsMax: 600);
        engine.Feature.Tries.Count.ShouldBe(11);
        engine.Feature.Taken(subscription.Number).ShouldBeEmpty();
        while (engine.StatusOf("s").Dead == 0)
        {
            var isDown = engine.StatusOf("s").State == "down";
            await engine.AdvanceAsync(isDown ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1));
        }

        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task WaitingRecordOfAnotherKey_IsTheOtherProbe_IfTheLogHasNone()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.AppendAsync(1, key: static _ => "good");
        await engine.SettleAsync();
        engine.Feature.Answer = static request => Task.FromResult(
            request.Record.Position == 0 ? s_done : s_unavailable);
        await engine.AppendAsync(1, key: static _ => "bad");
        await engine.UntilAsync(() => engine.Feature.Taken(subscription.Number).Count == 1, s_second, stepsMax: 300);
        await engine.SettleAsync();
        engine.StatusOf("s").ShouldSatisfyAllConditions(
            static status => status.Waiting.ShouldBe(1), static status => status.Reason.ShouldBeNull());
    }

    private static async Task<DeliveryResult> TimeOutAsync(TestEngine engine)
    {
        await Task.Delay(TimeSpan.FromSeconds(30), engine.Time);
        return new DeliveryResult(Verdict.Failed, null, "no answer within 30 s");
    }

    [Theory]
    [InlineData("failures=1", 1)]
    [InlineData("failures=6", 6)]
    [InlineData("", 10)]
    public async Task DestinationFails_AsOftenAsItsPlanAllows_IsDown(string definition, int allowed)
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", definition);
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.AppendAsync(allowed - 1, key: static index => $"{index}");
        await engine.SettleAsync();
        engine.StatusOf("s").State.ShouldBe("active");
        await engine.AppendAsync(1, key: static _ => "last");
        await engine.SettleAsync();
        engine.StatusOf("s").State.ShouldBe("down");
        engine.StatusOf("s").Reason.ShouldBe("failing");
    }

    [Fact]
    public async Task StrictDestinationFails_LongerThanItsPlanAllows_IsDown()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "order=strict;failtime=60");
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        await engine.AdvanceAsync(TimeSpan.FromSeconds(50));
        engine.StatusOf("s").State.ShouldBe("active");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(10));
        engine.StatusOf("s").State.ShouldBe("down");
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, TimeSpan.FromMinutes(1), stepsMax: 100);
        engine.StatusOf("s").State.ShouldBe("active");
    }

    [Fact]
    public async Task RecordThatNobodyMayHave_IsSettledWithoutATry()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        engine.Feature.Answer = static request =>
            Task.FromResult(request.Record.Offset == 1 ? DeliveryResult.NotSent : s_done);
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        engine.StatusOf("s").Lag.ShouldBe(0);
        engine.State.Read(static connection => connection.Query(
            "SELECT stream_offset FROM delivery_history ORDER BY number", static row => row.GetInt64(0)))
            .ShouldBe([0, 2], ignoreOrder: true);
    }
}
