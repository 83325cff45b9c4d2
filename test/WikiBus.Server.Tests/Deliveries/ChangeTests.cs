using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>Changes of subscriptions while records are queued, waiting and running.</summary>
public sealed class ChangeTests
{
    private const string Feature = ScriptedFeature.FeatureName;
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);
    private static readonly DeliveryResult s_failed = new(Verdict.Failed, 500, "500");
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Replace_TakesEffectAtTheCursor_AndKeepsWhatWaitsAndRuns()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "streams=a;concurrency=2");
        var slow = new TaskCompletionSource<DeliveryResult>();
        var isBroken = true;
        engine.Feature.Answer = request =>
            request.Record.Position == 0 && isBroken ? Task.FromResult(s_failed) : slow.Task;
        await engine.AppendAsync(1, "a", key: static _ => "k");
        await engine.AppendAsync(9, "a");
        await engine.AppendAsync(10, "b");
        await engine.SettleAsync();
        engine.StatusOf("s").Waiting.ShouldBe(1);
        var change = await engine.Subscriptions.ReplaceAsync(Feature, "s", static _ => "streams=b;concurrency=2");
        change.Outcome.ShouldBe(ChangeOutcome.Done);
        change.Subscription!.Version.ShouldBe(2);
        isBroken = false;
        slow.SetResult(s_done);
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, s_second, stepsMax: 60);
        engine.Feature.Taken(subscription.Number).Order().ShouldBe(
            ["0", "1", "2", .. Enumerable.Range(10, 10).Select(static n => $"{n}")], ignoreOrder: true);
    }

    [Fact]
    public async Task Replace_WithTheSameRules_SendsNothingTwice()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "concurrency=5");
        var answers = new List<TaskCompletionSource<DeliveryResult>>();
        engine.Feature.Answer = _ =>
        {
            var answer = new TaskCompletionSource<DeliveryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (answers)
            {
                answers.Add(answer);
            }

            return answer.Task;
        };
        var random = new Random(11);
        await engine.AppendAsync(300, key: static index => $"{index % 20}");
        for (var round = 0; engine.StatusOf("s").Lag > 0; round++)
        {
            round.ShouldBeLessThan(2_000);
            await engine.SettleAsync();
            lock (answers)
            {
                if (answers.Count > 0)
                {
                    var index = random.Next(answers.Count);
                    answers[index].SetResult(s_done);
                    answers.RemoveAt(index);
                }
            }

            switch (round % 5)
            {
                case 0:
                    await engine.Subscriptions.ReplaceAsync(Feature, "s", static known => known);
                    break;
                case 2:
                    await engine.Subscriptions.PauseAsync(Feature, "s");
                    await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: false);
                    break;
            }
        }

        engine.Feature.Taken(subscription.Number).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 300).Select(static n => $"{n}").Order(StringComparer.Ordinal));
        for (var key = 0; key < 20; key++)
        {
            var ofKey = engine.Feature.Taken(subscription.Number)
                .Select(static one => int.Parse(one, System.Globalization.CultureInfo.InvariantCulture))
                .Where(one => one % 20 == key).ToList();
            ofKey.ShouldBe(ofKey.Order());
        }
    }

    [Theory]
    [InlineData(nameof(Verdict.Done))]
    [InlineData(nameof(Verdict.Failed))]
    [InlineData(nameof(Verdict.Down))]
    public async Task ResumeFromNow_WhileARequestRuns_LeavesNothingInMemory(string verdict)
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = _ => slow.Task;
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: true);
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        slow.SetResult(new DeliveryResult(Enum.Parse<Verdict>(verdict), 500, "500"));
        await engine.AdvanceAsync(s_second);
        await engine.Subscriptions.PauseAsync(Feature, "s");

        engine.Engine.Parts.QueuedBytes.ShouldBe(0);
        engine.Feature.Tries.Count.ShouldBe(1);
        await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: false);
        await engine.AppendAsync(1);
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, s_second, stepsMax: 60);
        engine.Feature.Taken(subscription.Number).ShouldContain("1");
        engine.Engine.Parts.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task RecordWithoutRoom_IsSentAgain_AfterTwoPausesWhileItRan()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.WaitingMax = 0);
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = _ => slow.Task;
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.Subscriptions.PauseAsync(Feature, "s");
        slow.SetResult(s_failed);
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.SettleAsync();
        await engine.Subscriptions.PauseAsync(Feature, "s");
        engine.Engine.Parts.QueuedBytes.ShouldBe(0);

        await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: false);
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, s_second, stepsMax: 60);

        engine.Feature.Taken(subscription.Number).ShouldBe(["0"]);
        engine.Engine.Parts.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Replace_SendsNothingTwice_OfWhatWaitedAboveTheCursor()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        var isBroken = true;
        engine.Feature.Answer = request =>
            request.Record.Position == 0 ? slow.Task : Task.FromResult(isBroken ? s_failed : s_done);
        await engine.AppendAsync(1, key: static _ => "at the cursor");
        await engine.AppendAsync(1, key: static _ => "k");
        await engine.SettleAsync();
        await engine.AppendAsync(5, key: static _ => "k");
        await engine.SettleAsync();
        isBroken = false;
        await engine.UntilAsync(() => engine.StatusOf("s").Waiting == 0, s_second, stepsMax: 60);
        await engine.Subscriptions.ReplaceAsync(Feature, "s", static known => known);
        await engine.SettleAsync();
        slow.SetResult(s_done);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(["1", "2", "3", "4", "5", "6", "0"]);
    }

    [Fact]
    public async Task Pause_SendsNothing_AndResumeGoesOnAtTheCursor()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        await engine.Subscriptions.PauseAsync(Feature, "s");
        await engine.AppendAsync(3);
        await engine.RestartAsync();
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        engine.StatusOf("s").State.ShouldBe("paused");
        engine.StatusOf("s").Lag.ShouldBe(3);
        engine.Feature.Tries.Count.ShouldBe(3);
        await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: false);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(6);
    }

    [Fact]
    public async Task ResumeFromNow_SkipsAndCounts_AndKeepsWhatWaits()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.Subscriptions.PauseAsync(Feature, "s");
        await engine.AppendAsync(7);
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        (await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: true)).Count.ShouldBe(7);
        await engine.RestartAsync();
        await engine.AppendAsync(2);
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, s_second, stepsMax: 60);
        engine.Feature.Taken(subscription.Number).Order(StringComparer.Ordinal).ShouldBe(["0", "8", "9"]);
    }

    [Fact]
    public async Task Delete_DropsWhatWaits_AndARequestThatRunsChangesNothing()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "concurrency=1");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Offset == 0 ? Task.FromResult(s_failed) : slow.Task;
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        (await engine.Subscriptions.DeleteAsync(Feature, "s")).Count.ShouldBe(1);
        slow.SetResult(s_failed);
        await engine.SettleAsync();
        await engine.SubscribeAsync("s", "concurrency=1");
        await engine.RestartAsync();
        engine.Engine.Parts.QueuedBytes.ShouldBe(0);
        engine.Engine.Parts.Room.Bytes.ShouldBe(0);
        engine.StatusOf("s").Waiting.ShouldBe(0);
        engine.StatusOf("s").Number.ShouldBe(2, "a number is never used again");
    }

    [Fact]
    public async Task Replay_SendsARangeAgain_BesideLiveRecords_AndOverARestart()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "order=strict");
        await engine.AppendAsync(600);
        await engine.SettleAsync();
        var hold = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Position == 250 ? hold.Task : Task.FromResult(s_done);
        (await engine.Subscriptions.ReplayAsync(Feature, "s", 100, 500)).Count.ShouldBe(400);
        (await engine.Subscriptions.ReplayAsync(Feature, "s", 0, null)).Outcome.ShouldBe(ChangeOutcome.ReplayRuns);
        await engine.SettleAsync();
        var replay = engine.StatusOf("s").Replay.ShouldNotBeNull();
        (replay.From, replay.End, replay.Cursor).ShouldBe((100, 500, 250));
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.CrashAsync();
        await engine.AppendAsync(5);
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Replay: null }, s_second, stepsMax: 60);
        var taken = engine.Feature.Taken(subscription.Number);
        taken.Count.ShouldBe(1_005);
        taken.Skip(600).Where(static one => one.Length == 3 && one[0] < '6')
            .ShouldBe(Enumerable.Range(100, 400).Select(static n => $"{n}"));
        engine.Feature.Tries.Where(static one => one.Payload is "100" or "499").Select(static one => one.Try)
            .ShouldAllBe(static number => number == 1);
    }

    [Fact]
    public async Task RecordThatDiedInAReplay_IsNotSentAgain_AfterACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        engine.FailAll();
        await engine.AppendAsync(4);
        await engine.DieAsync("s", 4);
        var first = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Position == 0 ? first.Task
            : Task.FromResult(request.Record.Position == 3 ? s_done : s_failed);
        await engine.Subscriptions.ReplayAsync(Feature, "s", 0, null);
        await engine.DieAsync("s", 6);
        engine.StatusOf("s").Replay.ShouldNotBeNull().Cursor.ShouldBe(0);
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        var before = engine.Feature.Tries.Count;
        await engine.CrashAsync();
        await engine.UntilAsync(() => engine.StatusOf("s").Replay is null, s_second, stepsMax: 60);
        engine.Feature.Tries.Skip(before).Where(static one => one.Verdict == Verdict.Done)
            .Select(static one => one.Position).ShouldBe([0], "the others are dead or done");
        engine.StatusOf("s").Dead.ShouldBe(6);
    }

    [Fact]
    public async Task CancelledReplay_DropsWhatWaits_AndAnotherMayBegin()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        engine.Feature.Answer = static _ => Task.FromResult(s_failed);
        await engine.Subscriptions.ReplayAsync(Feature, "s", 0, null);
        await engine.SettleAsync();
        engine.StatusOf("s").Waiting.ShouldBe(5);
        (await engine.Subscriptions.CancelReplayAsync(Feature, "s")).Count.ShouldBe(5);
        engine.StatusOf("s").Waiting.ShouldBe(0);
        engine.StatusOf("s").Replay.ShouldBeNull();
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        (await engine.Subscriptions.ReplayAsync(Feature, "s", 0, null)).Outcome.ShouldBe(ChangeOutcome.Done);
        await engine.UntilAsync(() => engine.StatusOf("s").Replay is null, s_second, stepsMax: 60);
    }

    [Fact]
    public async Task FailedReplay_IsRetried_AndEndsWhenItIsTaken()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        engine.Feature.Answer = static request => Task.FromResult(request.Try < 3 ? s_failed : s_done);
        await engine.Subscriptions.ReplayAsync(Feature, "s", 0, null);
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.UntilAsync(() => engine.StatusOf("s").Replay is null, s_second, stepsMax: 120);
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(6);
        engine.StatusOf("s").Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Redefine_KeepsTheState_AndReadsNothingAgain()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s", "concurrency=1");
        engine.Feature.Answer = static _ => Task.FromResult(new DeliveryResult(
            Verdict.Down, 503, "503", "unavailable", TimeSpan.FromHours(1)));
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        var before = engine.StatusOf("s");
        await engine.Subscriptions.RedefineAsync(Feature, "s", static _ => "concurrency=1;order=none");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(59));
        var after = engine.StatusOf("s");
        (after.State, after.Reason, after.DownSince, after.Version).ShouldBe(
            ("down", "unavailable", before.DownSince, 2));
        engine.Feature.Tries.Count.ShouldBe(1);
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, s_second, stepsMax: 120);
        engine.Feature.Taken(subscription.Number).ShouldBe(["0", "1", "2"]);
        await engine.RestartAsync();
        engine.StatusOf("s").Definition.ShouldBe("concurrency=1;order=none");
    }

    [Fact]
    public async Task NewOwnerThatHasAsManyAsAllowed_GetsNoOther_AndTheOldOneMayReplace()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        await engine.Subscriptions.CreateAsync(Feature, "t", "taker", "", null, 10, static _ => false);
        (await engine.Subscriptions.ReplaceAsync(Feature, "s", static known => known, "taker", countMax: 1)).Outcome
            .ShouldBe(ChangeOutcome.TooMany);
        (await engine.Subscriptions.ReplaceAsync(Feature, "t", static known => known, "taker", countMax: 1)).Outcome
            .ShouldBe(ChangeOutcome.Done);
        (await engine.Subscriptions.ReplaceAsync(Feature, "s", static known => known, "taker", countMax: 2)).Outcome
            .ShouldBe(ChangeOutcome.Done);
    }

    [Fact]
    public async Task Replace_WhileAReplayRuns_LetsTheReplayEnd()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "streams=a");
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = _ => slow.Task;
        await engine.Subscriptions.ReplayAsync(Feature, "s", 0, null);
        await engine.SettleAsync();
        await engine.Subscriptions.ReplaceAsync(Feature, "s", static _ => "streams=b");
        await engine.SettleAsync();
        engine.StatusOf("s").Replay.ShouldNotBeNull("its requests still run");
        slow.SetResult(s_done);
        await engine.UntilAsync(() => engine.StatusOf("s").Replay is null, s_second, stepsMax: 60);
    }

    [Fact]
    public async Task ResumeFromNow_WhileARequestRuns_DoesNotSendItsRecordAgain()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Position == 0 ? slow.Task : Task.FromResult(s_done);
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.Subscriptions.ResumeAsync(Feature, "s", fromNow: true);
        slow.SetResult(new DeliveryResult(Verdict.Down, 503, "503"));
        await engine.AppendAsync(1);
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, s_second, stepsMax: 60);
        engine.Feature.Tries.Count(static one => one.Position == 0).ShouldBe(1);
        engine.Feature.Taken(subscription.Number).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Replace_ForgetsSinceWhenTheDestinationWasDown_EvenIfTheProcessCrashesThen()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        engine.Feature.Answer = static _ => Task.FromResult(new DeliveryResult(Verdict.Down, Message: "refused"));
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        engine.StatusOf("s").DownSince.ShouldNotBeNull();
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = _ => slow.Task;
        await engine.Subscriptions.ReplaceAsync(Feature, "s", static known => known);
        await engine.CrashAsync();
        await engine.SettleAsync();
        engine.StatusOf("s").DownSince.ShouldBeNull();
    }
}
