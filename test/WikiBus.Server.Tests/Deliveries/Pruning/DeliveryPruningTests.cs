using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Pruning;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries.Pruning;

public sealed class DeliveryPruningTests
{
    [Fact]
    public async Task OldHistory_IsRemoved_ButNotAboveACursor()
    {
        await using var engine = await TestEngine.StartAsync();
        var done = await engine.SubscribeAsync("done");
        var stuck = await engine.SubscribeAsync("stuck", "order=none");
        var hang = new TaskCompletionSource<DeliveryResult>();
        engine.Feature.Answer = request => request.Number == stuck.Number && request.Record.Position == 0
            ? hang.Task
            : Task.FromResult(new DeliveryResult(Verdict.Done, 200));
        await engine.AppendAsync(3);
        await engine.SettleAsync();
        await PruneAsync(engine);
        PositionsOf(engine, done.Number).ShouldBe([0, 1, 2]);
        await engine.AdvanceAsync(TimeSpan.FromDays(8));
        await engine.AppendAsync(1);
        await engine.SettleAsync();
        await PruneAsync(engine);
        PositionsOf(engine, done.Number).ShouldBe([3]);
        PositionsOf(engine, stuck.Number).ShouldBe([1, 2, 3]);

        // So a start still knows what was delivered above the cursor.
        await engine.CrashAsync();
        hang.SetResult(new DeliveryResult(Verdict.Done, 200));
        await engine.SettleAsync();
        engine.Feature.Taken(stuck.Number).Order().ShouldBe(["0", "1", "2", "3"]);
        await PruneAsync(engine);
        PositionsOf(engine, stuck.Number).ShouldNotContain(1);
    }

    [Fact]
    public async Task HistoryBeyondRowsMax_IsRemovedInSteps()
    {
        await using var engine = await TestEngine.StartAsync(static options => options.HistoryRowsMax = 10);
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(2_345);
        await engine.SettleAsync();
        await PruneAsync(engine);
        PositionsOf(engine, subscription.Number).Count.ShouldBe(10);
    }

    [Fact]
    public async Task DeadOnes_AreDropped_WhenTheyAreOlderThanDeadAgeMax()
    {
        await using var engine = await TestEngine.StartAsync(
            static options => options.DeadAgeMax = TimeSpan.FromDays(1));
        engine.FailAll();
        await engine.SubscribeAsync("s");
        await engine.AppendAsync(2);
        await engine.DieAsync("s", 2);
        await PruneAsync(engine);
        engine.StatusOf("s").Dead.ShouldBe(2);
        await engine.AdvanceAsync(TimeSpan.FromDays(2));
        await PruneAsync(engine);
        engine.StatusOf("s").Dead.ShouldBe(0);
        engine.Engine.Parts.Room.Bytes.ShouldBe(0);
        engine.Logger.Lines.ShouldContain(line => line.Contains(
            "Dropped 2 dead deliveries of the subscription s, older than Deliveries:DeadAgeMax"));
        engine.State.Read(static connection => HistoryTable.Read(
            connection, 1, new HistoryFilter(Verdict: Verdict.Dropped), before: null, 10)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task FreePages_AreGivenBack()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.State.ChangeAsync(static connection =>
        {
            connection.Execute("CREATE TABLE t (b BLOB)");
            connection.Execute("INSERT INTO t VALUES (zeroblob(40000000))");
        });
        await engine.State.ChangeAsync(static connection => connection.Execute("DROP TABLE t"));
        FreePages().ShouldBeGreaterThan(9_000);
        await PruneAsync(engine);
        FreePages().ShouldBeLessThanOrEqualTo(4_096);

        long FreePages() => engine.State.Read(static connection =>
            connection.Query("PRAGMA freelist_count", static row => row.GetInt64(0)).Single());
    }

    private static async Task PruneAsync(TestEngine engine)
    {
        var pruning = engine.Get<DeliveryPruning>();
        var passes = pruning.PassCount;
        await pruning.StartAsync(CancellationToken.None);
        await engine.UntilAsync(() => pruning.PassCount > passes, TimeSpan.FromMinutes(1));
        await pruning.StopAsync(CancellationToken.None);
    }

    private static List<long> PositionsOf(TestEngine engine, long subscription) =>
        engine.State.Read(connection => HistoryTable.Read(
                connection, subscription, new HistoryFilter(), before: null, 10_000))
            .ConvertAll(static row => row.Try.Position).Order().ToList();
}
