using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>The database takes no changes, is an older copy, or the clock jumps.</summary>
public sealed class StateFaultTests
{
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);
    private static readonly DeliveryResult s_failed = new(Verdict.Failed, 500, "500");
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task OlderDatabase_RepeatsWhatWasDeliveredSince_Once_AndLosesNothing()
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        var older = Path.Combine(engine.Data, "..", "older");
        await engine.RestartAsync(() => CopyState(engine.Data, Directory.CreateDirectory(older).FullName));
        await engine.AppendAsync(5);
        await engine.SettleAsync();
        await engine.RestartAsync(() => CopyState(older, engine.Data));
        await engine.AppendAsync(1);
        await engine.AdvanceAsync(s_second);
        await engine.RestartAsync();
        await engine.AdvanceAsync(s_second);
        engine.Feature.Taken(subscription.Number).Take(10).Distinct().Count().ShouldBe(10);
        engine.Feature.Taken(subscription.Number).Skip(10).ShouldBe(["5", "6", "7", "8", "9", "10"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("PRAGMA query_only = ON", "PRAGMA query_only = OFF", "cannot be opened or written")]
    [InlineData("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "full")]
    public async Task DatabaseThatTakesNoChanges_HoldsNewRequests_AndNothingIsLostOrRepeated(
        string breaks, string mends, string fault)
    {
        await using var engine = await TestEngine.StartAsync();
        var subscription = await engine.SubscribeAsync("s");
        var filler = new string('x', 10_000);
        engine.Feature.Answer = static request => Task.FromResult(
            request.Record.Position % 2 == 0 && request.Try == 1 ? s_failed : s_done);
        Execute(engine, breaks);
        await engine.AppendAsync(8, payload: index => $"{index} {filler}");
        await engine.UntilUncommittedAsync(8);
        engine.Time.Advance(2 * s_second);
        for (var second = 0; second < 300; second++)
        {
            engine.Time.Advance(s_second);
            await engine.AppendAsync(1, payload: index => $"{index} {filler}");
        }

        engine.Feature.Tries.Count.ShouldBe(8, "no new request begins, and none is repeated");
        Execute(engine, mends);
        await engine.UntilAsync(() => engine.StatusOf("s") is { Lag: 0, Waiting: 0 }, s_second, stepsMax: 10_000);
        engine.Feature.Taken(subscription.Number).Count.ShouldBe(308);
        engine.Feature.Tries.Count.ShouldBe(308 + 154);
        engine.StateLogger.Lines.Where(static line => line.StartsWith("Error", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain(fault);
    }

    [Fact]
    public async Task ClockThatJumps_NeitherLoops_NorWaitsLongerThanTheJump()
    {
        await using var engine = await TestEngine.StartAsync();
        var isUp = false;
        engine.Feature.Answer = request => Task.FromResult(
            request.Record.Stream == "retried" ? request.Try == 1 ? s_failed : s_done
            : isUp ? s_done
            : new DeliveryResult(Verdict.Down, null, "refused", "refused"));
        await engine.SubscribeAsync("retried", "streams=retried");
        await engine.SubscribeAsync("down", "streams=down");

        foreach (var (jump, step, stepsMax) in new[]
        {
            (TimeSpan.FromHours(-1), s_minute, 63), (TimeSpan.FromDays(1), s_second, 3),
        })
        {
            isUp = false;
            engine.Feature.Tries.Clear();
            await engine.AppendAsync(1, "retried");
            await engine.AppendAsync(1, "down");
            await engine.SettleAsync();
            engine.Time.AdjustTime(engine.Time.GetUtcNow() + jump);
            isUp = true;
            await engine.UntilAsync(
                () => engine.StatusOf("retried") is { Lag: 0, Waiting: 0 } && engine.StatusOf("down").Lag == 0,
                step, stepsMax);
            engine.Feature.Tries.Count(static one => one.Stream == "retried").ShouldBe(2);
            engine.Feature.Tries.Count(static one => one.Stream == "down").ShouldBe(2);
        }
    }

    private static void CopyState(string from, string to)
    {
        foreach (var file in Directory.GetFiles(to, "state.db*"))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(from, "state.db*"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static void Execute(TestEngine engine, string sql) => engine.State.Read(connection =>
    {
        // Some of these statements return a row.
        return connection.Query(sql, static row => row.FieldCount);
    });
}
