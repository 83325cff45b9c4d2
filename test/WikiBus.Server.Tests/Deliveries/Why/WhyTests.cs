using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries.DeadLetters;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Deliveries.Why;

namespace WikiBus.Server.Tests.Deliveries.Why;

public sealed class WhyTests
{
    [Fact]
    public async Task Delivered_SaysWhenAndHow_AlsoAfterACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        var at = engine.Time.GetUtcNow().UtcDateTime;
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(2);
        await engine.SettleAsync();
        await engine.CrashAsync();
        foreach (var record in (string[])["1", "a@1"])
        {
            var why = await WhyAsync(engine, record);
            why.State.ShouldBe("delivered");
            (why.Position, why.Record, why.EventId).ShouldBe((1, "a@1", "id-1"));
            (why.Attempt, why.Status).ShouldBe((1, 200));
            why.At.ShouldNotBeNull().ShouldBeInRange(at, at.AddSeconds(10));
            why.Text.ShouldStartWith("a@1 was delivered at 2026-01-02T03:04:0");
            why.Text.ShouldEndWith(" by try 1 with status 200.");
        }
    }

    [Fact]
    public async Task Delivered_IsAFact_WhateverTheRulesSayNow()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.Subscriptions.ReplaceAsync(ScriptedFeature.FeatureName, "s", static _ => "streams=other");
        (await WhyAsync(engine, "0")).State.ShouldBe("delivered");
    }

    [Fact]
    public async Task Delivered_IsKnownAfterRetention_ByPositionAndByName()
    {
        await using var engine = await StartWithRetentionAsync();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(2);
        await engine.SettleAsync();
        await engine.RetainAsync(1);
        foreach (var record in (string[])["1", "a@1"])
        {
            var why = await WhyAsync(engine, record);
            (why.State, why.Position, why.Record, why.EventId).ShouldBe(("delivered", 1, "a@1", null));
        }

        // The fillers have the same offsets in their stream.
        (await WhyAsync(engine, "filler@1")).Position.ShouldBe(3);
    }

    [Fact]
    public async Task Pending_NamesTheStateOfTheSubscription()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.CrashAsync();
        var why = await WhyAsync(engine, "a@0");
        (why.State, why.SubscriptionState).ShouldBe(("pending", "paused"));
        why.Text.ShouldBe("a@0 is still to be sent; the subscription is paused.");
    }

    [Fact]
    public async Task PendingAtADestinationThatIsDown_SaysTheLastError_AlsoAfterRetention()
    {
        await using var engine = await StartWithRetentionAsync();
        engine.Feature.Answer = static _ => Task.FromResult(
            new DeliveryResult(Verdict.Down, null, "The connection was refused.", "refused"));
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        (await WhyAsync(engine, "0")).Text.ShouldMatch(
            "^a@0 is still to be sent; the subscription is down; the last try, at .*, failed: The connection was");
        await engine.RetainAsync(0);
        var why = await WhyAsync(engine, "0");
        (why.State, why.LastError!.Message).ShouldBe(("pending", "The connection was refused."));
    }

    [Fact]
    public async Task RecordInARunningReplay_IsPending_ThoughItIsBeforeTheStart()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.AppendAsync(3);
        await engine.SubscribeAsync("s");
        (await WhyAsync(engine, "1")).State.ShouldBe("before-start");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.Subscriptions.ReplayAsync(ScriptedFeature.FeatureName, "s", from: 1, end: null);
        (await WhyAsync(engine, "0")).State.ShouldBe("before-start");
        (await WhyAsync(engine, "1")).State.ShouldBe("pending");
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        (await WhyAsync(engine, "1")).State.ShouldBe("delivered");
    }

    [Fact]
    public async Task Waiting_SaysTheNextTryAndTheLastAnswer_AlsoAfterACrashAndRetention()
    {
        await using var engine = await StartWithRetentionAsync();
        engine.Feature.Answer = static request => Task.FromResult(
            request.Record.Stream == "a" ? new DeliveryResult(Verdict.Failed, 500, "500") : new(Verdict.Done, 200));
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(2, key: static _ => "same");
        await engine.SettleAsync();
        var waiting = await WhyAsync(engine, "0");
        (waiting.State, waiting.Attempt, waiting.Status).ShouldBe(("waiting", 1, 500));
        waiting.NextTry.ShouldNotBeNull().ShouldBeGreaterThan(engine.Time.GetUtcNow().UtcDateTime);
        waiting.LastError!.Message.ShouldBe("500");
        var behind = await WhyAsync(engine, "a@1");
        (behind.State, behind.NextTry).ShouldBe(("waiting", null));
        behind.Text.ShouldBe("a@1 waits behind an earlier record of its key.");
        await engine.CrashAsync();
        (await WhyAsync(engine, "0")).ShouldBe(waiting);
        await engine.RetainAsync(1);
        (await WhyAsync(engine, "a@0")).State.ShouldBe("waiting");
        (await WhyAsync(engine, "1")).State.ShouldBe("waiting");
    }

    [Fact]
    public async Task DeadAndDropped_AreKnownAfterACrashAndRetention()
    {
        await using var engine = await StartWithRetentionAsync();
        engine.FailAll();
        await engine.SubscribeAsync("s", "streams=a");
        await engine.AppendAsync(1);
        await engine.DieAsync("s", 1);
        await engine.CrashAsync();
        await engine.RetainAsync(0);
        var dead = await WhyAsync(engine, "a@0");
        (dead.State, dead.Attempt, dead.Status, dead.DeadLetter).ShouldBe(("dead", 11, 500, "1"));
        dead.At.ShouldNotBeNull();
        await engine.Get<DeadLetterStore>().DropAsync(static _ => true, new DeadFilter(), "For a test.");
        await engine.CrashAsync();
        foreach (var record in (string[])["0", "a@0"])
        {
            var dropped = await WhyAsync(engine, record);
            dropped.State.ShouldBe("dropped");
            dropped.Text.ShouldEndWith("For a test.");
        }
    }

    [Fact]
    public async Task NotMatching_SaysWhichTerm_AlsoAfterACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "streams=a;filter=x=1");
        await engine.AppendAsync(1, payload: static _ => """{"x":2}""");
        await engine.AppendAsync(1, "b");
        await engine.SettleAsync();
        var filter = await WhyAsync(engine, "0");
        (filter.State, filter.Term).ShouldBe(("not-matching", "filter: x=1"));
        filter.Text.ShouldBe("a@0 does not match the subscription: filter: x=1.");
        (await WhyAsync(engine, "b@0")).Term.ShouldBe("streams: a");
        await engine.CrashAsync();
        (await WhyAsync(engine, "0")).ShouldBe(filter);
        (await WhyAsync(engine, "b@0")).State.ShouldBe("not-matching");
    }

    [Fact]
    public async Task NotEntitled_ShowsNothingOfTheRecord_AndComesBeforeTheRules_AlsoAfterACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.Keys.CreateAsync(
            new KeyRequest { Id = "owner", Roles = ["subscribe", "read"], Streams = ["b"] });
        await engine.Subscriptions.CreateAsync(
            ScriptedFeature.FeatureName, "s", "owner", "filter=x=1", start: null, countMax: 10, static _ => false);
        await engine.AppendAsync(1, payload: static _ => """{"x":2}""");
        await engine.SettleAsync();
        var why = await WhyAsync(engine, "0");
        (why.State, why.Position, why.Record, why.EventId, why.Term).ShouldBe(("not-entitled", 0, null, null, null));
        why.Text.ShouldNotContain("a@0");
        (await WhyAsync(engine, "a@0")).Position.ShouldBeNull();
        await engine.CrashAsync();
        (await WhyAsync(engine, "0")).ShouldBe(why);
        (await WhyAsync(engine, "a@0")).Position.ShouldBeNull();
    }

    [Fact]
    public async Task Expired_IsAFact()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "expire=60");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(1);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(2));
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        await engine.CrashAsync();
        (await WhyAsync(engine, "0")).State.ShouldBe("expired");
    }

    [Fact]
    public async Task Skipped_SaysWhen_AlsoAfterACrashAndRetention()
    {
        await using var engine = await StartWithRetentionAsync();
        await engine.SubscribeAsync("s");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(2);
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: true);
        await engine.CrashAsync();
        var why = await WhyAsync(engine, "a@1");
        why.State.ShouldBe("skipped");
        why.At.ShouldNotBeNull();
        await engine.RetainAsync(1);
        (await WhyAsync(engine, "1")).State.ShouldBe("skipped");
    }

    [Fact]
    public async Task Lost_IsSaidBeforeAndAfterTheSubscriptionComesThere()
    {
        await using var engine = await StartWithRetentionAsync();
        await engine.SubscribeAsync("s");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(1);
        await engine.RetainAsync(0);
        var before = await WhyAsync(engine, "0");
        (before.State, before.At).ShouldBe(("lost", null));
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        await engine.CrashAsync();
        var after = await WhyAsync(engine, "0");
        after.State.ShouldBe("lost");
        after.At.ShouldNotBeNull();

        // Without its position nobody knows which record it was.
        (await WhyAsync(engine, "a@0")).State.ShouldBe("unknown-record");
    }

    [Fact]
    public async Task Settled_IsARecordThatMatchesNow_AndDidNotThen_AlsoAfterACrash()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "streams=b");
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await engine.Subscriptions.ReplaceAsync(ScriptedFeature.FeatureName, "s", static _ => "");
        await engine.SettleAsync();
        (await WhyAsync(engine, "0")).State.ShouldBe("settled");
        await engine.CrashAsync();
        await engine.SettleAsync();
        (await WhyAsync(engine, "0")).State.ShouldBe("settled");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("a@1")]
    [InlineData("nosuch@0")]
    [InlineData("9223372036854775807")]
    public async Task UnknownRecord_IsOneThatTheLogNeverHad(string record)
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(1);
        (await WhyAsync(engine, record)).State.ShouldBe("unknown-record");
    }

    [Fact]
    public async Task BeforeStart_IsSaidAfterACrashAndRetention()
    {
        await using var engine = await StartWithRetentionAsync();
        await engine.AppendAsync(1);
        await engine.SubscribeAsync("s");
        await engine.CrashAsync();
        (await WhyAsync(engine, "a@0")).State.ShouldBe("before-start");
        await engine.RetainAsync(0);
        (await WhyAsync(engine, "0")).State.ShouldBe("before-start");
    }

    [Fact]
    public async Task RowsOfAnotherLog_DoNotCount()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(2);
        await engine.SettleAsync();
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.RestartAsync(() => Directory.Delete(Path.Combine(engine.Data, "log"), recursive: true));
        engine.Time.Advance(TimeSpan.FromSeconds(1));
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        (await WhyAsync(engine, "0")).State.ShouldBe("pending");
        (await WhyAsync(engine, "a@0")).State.ShouldBe("pending");
        (await WhyAsync(engine, "1")).State.ShouldBe("delivered");
    }

    private static Task<TestEngine> StartWithRetentionAsync() => TestEngine.StartAsync(
        configureLog: static log => (log.SegmentBytesMax, log.RetentionBytesMax) = (1 << 16, 1 << 17));

    private static async Task<WhyAnswer> WhyAsync(TestEngine engine, string record)
    {
        engine.Engine.Book.TryFind("s", out var subscription).ShouldBeTrue();
        var name = RecordName.TryParse(record).ShouldNotBeNull();
        var facts = await engine.Get<WhySearch>().FindAsync(subscription!, name);
        return new WhyJudge(facts.ShouldNotBeNull()).Judge();
    }
}
