using Microsoft.Data.Sqlite;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>A log that was replaced, or of which retention removed records.</summary>
public sealed class LogTests
{
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task OlderCopyOfTheLog_ListsALostRange_AndSendsEveryLaterRecord()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(100);
        await engine.SettleAsync();
        var old = Path.Combine(engine.Data, "..", "old-log");
        await engine.RestartAsync(() => TestEngine.CopyFolder(Path.Combine(engine.Data, "log"), old));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        await engine.AppendAsync(50);
        await engine.SettleAsync();
        await engine.RestartAsync(() => Replace(engine, old));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        // They have the positions of others that were delivered.
        await engine.AppendAsync(80, payload: static index => $"later-{index}");
        await engine.SettleAsync();
        await engine.CrashAsync();
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Where(static one => one.StartsWith("later", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 80).Select(static n => $"later-{n}").Order(StringComparer.Ordinal));
        Ranges(engine).ShouldBe(["foreign-log 150-"]);
        engine.StatusOf("s").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task EmptyLog_ListsALostRange_AndSendsEveryLaterRecord()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(100);
        await engine.SettleAsync();
        await engine.RestartAsync(() => Directory.Delete(Path.Combine(engine.Data, "log"), recursive: true));
        await engine.AppendAsync(200, payload: static index => $"later-{index}");
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(300);
        Ranges(engine).ShouldBe(["foreign-log 100-"]);
    }

    [Fact]
    public async Task RecordsOfTheSameMillisecond_InAnotherLog_AreAllSent()
    {
        await using var other = await TestEngine.StartAsync();
        await other.AppendAsync(10, payload: static index => $"other-{index}");
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Record.Position == 0 ? slow.Task : Task.FromResult(s_done);
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(4, "above the cursor");
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.RestartAsync(() => Replace(engine, Path.Combine(other.Data, "log")));
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Skip(4).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 10).Select(static n => $"other-{n}"));
    }

    [Fact]
    public async Task StartAtAPosition_ContinuesAtItsTime_InALogWithAnotherId()
    {
        await using var engine = await TestEngine.StartAsync();
        for (var batch = 0; batch < 3; batch++)
        {
            await engine.AppendAsync(10);
            engine.Time.Advance(s_second);
        }

        engine.Feature.Answer = static _ => new TaskCompletionSource<DeliveryResult>().Task;
        var subscription = await engine.SubscribeAsync("s", start: 20);
        await engine.SettleAsync();
        await engine.RestartAsync(() => RenewLogId(engine));
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.AdvanceAsync(s_second);
        await engine.SettleAsync();
        var taken = engine.Feature.Taken(subscription.Number).Order(StringComparer.Ordinal);
        taken.ShouldBe(Enumerable.Range(10, 20).Select(static n => $"{n}"), "the record below is of the second batch");
    }

    [Fact]
    public async Task ClockThatWasSetBack_LosesNothing_InALogWithAnotherId()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.AppendAsync(1);
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.RestartAsync();
        var subscription = await engine.SubscribeAsync("s", "order=strict");
        await engine.SettleAsync();
        engine.Time.AdjustTime(engine.Time.GetUtcNow() - TimeSpan.FromMinutes(50));
        engine.Feature.Answer = static _ => new TaskCompletionSource<DeliveryResult>().Task;
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        engine.Feature.HangingCount.ShouldBe(1);
        await engine.RestartAsync(() => RenewLogId(engine));
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).ShouldBe(["0", "1", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task CrashAfterTheLogWasReplaced_DoesNotTakeTheOldCursorForOneOfThisLog()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(100);
        var old = Path.Combine(engine.Data, "..", "old-log");
        await engine.RestartAsync(() => TestEngine.CopyFolder(Path.Combine(engine.Data, "log"), old));
        await engine.AdvanceAsync(s_second);
        await engine.AppendAsync(50);
        await engine.SettleAsync();
        await engine.RestartAsync(() => Replace(engine, old));
        engine.Time.AdjustTime(engine.Time.GetUtcNow() + s_second);
        await engine.AppendAsync(80, payload: static index => $"later-{index}");
        await engine.CrashAsync();
        await engine.SettleAsync();
        engine.Feature.Taken(subscription.Number).Distinct()
            .Count(static one => one.StartsWith("later", StringComparison.Ordinal)).ShouldBe(80);
        Ranges(engine).ShouldBe(["foreign-log 150-"]);
    }

    [Fact]
    public async Task Retention_RemovesWhatAPausedSubscriptionHasNotSent_AndOneRangeIsListed()
    {
        await using var engine = await TestEngine.StartAsync(configureLog: static options =>
        {
            options.SegmentBytesMax = 1 << 20;
            options.RetentionBytesMax = 2 << 20;
        });
        var subscription = await engine.SubscribeAsync("s");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        var filler = new string('x', 10_000);
        for (var round = 0; round < 10; round++)
        {
            await engine.AppendAsync(100, payload: index => $"{index} {filler}");
            engine.Time.Advance(TimeSpan.FromMinutes(10));
        }

        for (var count = 0; engine.Log.FirstPosition == 0; count++)
        {
            count.ShouldBeLessThan(10_000);
            engine.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.StatusOf("s").Lag.ShouldBe(0);
        var range = Ranges(engine).ShouldHaveSingleItem();
        range.ShouldStartWith("retention 0-");
        var lost = int.Parse(range["retention 0-".Length..], System.Globalization.CultureInfo.InvariantCulture);
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(1_000 - lost);
    }

    [Fact]
    public async Task RangeThatIsLostWhileTheSubscriptionChanges_IsListedOnce()
    {
        await using var engine = await TestEngine.StartAsync(
            configureLog: static log => (log.SegmentBytesMax, log.RetentionBytesMax) = (1 << 16, 1 << 17));
        var subscription = await engine.SubscribeAsync("s");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(1);
        await engine.RetainAsync(0);
        engine.Logger.OnLine = line =>
        {
            if (line.Contains("never gets the positions", StringComparison.Ordinal))
            {
                engine.Logger.OnLine = static _ => { };
                lock (engine.Engine.Parts.Lock)
                {
                    subscription.Live.Rewind();
                }
            }
        };
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.StatusOf("s").Lag.ShouldBe(0);
        Ranges(engine).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task LostRecords_DoNotHideTheRowsThatWait()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        engine.Feature.Answer = static _ => Task.FromResult(new DeliveryResult(Verdict.Failed, 500, "500"));
        await engine.AppendAsync(3, payload: static index => $"kept-{index}");
        await engine.SettleAsync();
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.RestartAsync(() => Directory.Delete(Path.Combine(engine.Data, "log"), recursive: true));
        await engine.UntilAsync(() => engine.StatusOf("s").Waiting == 0, TimeSpan.FromSeconds(1), stepsMax: 60);
        engine.Feature.Taken(subscription.Number).Order(StringComparer.Ordinal)
            .ShouldBe(["kept-0", "kept-1", "kept-2"]);
    }

    [Fact]
    public async Task ReplacedLog_EndsAReplay_AndSendsLaterRecordsOnce()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(100);
        await engine.SettleAsync();
        var slow = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = _ => slow.Task;
        await engine.Subscriptions.ReplayAsync(ScriptedFeature.FeatureName, "s", 0, null);
        await engine.SettleAsync();
        await engine.RestartAsync(() => Directory.Delete(Path.Combine(engine.Data, "log"), recursive: true));
        engine.Feature.Answer = static _ => Task.FromResult(s_done);
        await engine.AppendAsync(200, payload: static index => $"later-{index}");
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Replay: null }, s_second, stepsMax: 60);
        engine.Feature.Taken(subscription.Number).Count(static one => one.StartsWith("later", StringComparison.Ordinal))
            .ShouldBe(200);
        Ranges(engine).ShouldBe(["foreign-log 100-"]);
    }

    private static void Replace(TestEngine engine, string old)
    {
        Directory.Delete(Path.Combine(engine.Data, "log"), recursive: true);
        TestEngine.CopyFolder(old, Path.Combine(engine.Data, "log"));
    }

    // As a repair does.
    private static void RenewLogId(TestEngine engine)
    {
        using var connection = new SqliteConnection($"Data Source={engine.Data}/state.db;Pooling=False");
        connection.Open();
        connection.Execute("UPDATE delivery_lanes SET log = 'before the repair'");
    }

    private static List<string> Ranges(TestEngine engine) => engine.State.Read(static connection => connection.Query(
        "SELECT reason, from_position, end_position FROM delivery_ranges ORDER BY number",
        static row => $"{row.GetString(0)} {row.GetInt64(1)}-{(row.IsDBNull(2) ? "" : $"{row.GetInt64(2)}")}"));
}
