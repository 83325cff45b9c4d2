using System.Collections.Concurrent;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>
/// Many subscriptions, many records behind, many that wait. What is asserted is counted.
/// <c>WIKIBUS_DELIVERY_BACKLOG</c> sets how many records are behind a destination that is down.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ScaleTests
{
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);

    [Fact]
    public async Task ThousandSubscriptions_EvaluateOnlyFiltersOfTheStreamAndChannel_EqualOnesOnce()
    {
        await using var engine = await TestEngine.StartAsync();
        for (var index = 0; index < 1_000; index++)
        {
            // Each stream has 10 subscriptions, of which 5 have the channel, with 2 different filters.
            var channel = index / 100 % 2 == 0 ? "event://wiki/a/*" : "event://wiki/b/*";
            var filter = index / 100 % 4 < 2 ? "x=1" : "x=2";
            await engine.SubscribeAsync(
                $"s-{index}", $"streams=stream.{index % 100};channel={channel};filter={filter}");
        }

        await engine.AppendAsync(1, "stream.0", channel: "event://wiki/a/x", payload: static _ => """{"x":0}""");
        await engine.SettleAsync();
        var before = engine.Engine.Head.EvaluatedCount;
        for (var index = 0; index < 100; index++)
        {
            await engine.AppendAsync(
                1, $"stream.{index}", channel: "event://wiki/a/x", payload: static _ => """{"x":1}""");
        }

        await engine.SettleAsync();
        (engine.Engine.Head.EvaluatedCount - before).ShouldBe(200, "2 different filters of the 5 with the channel");
        engine.Feature.Tries.Count.ShouldBe(300, "3 of 5 have the filter that matches");
    }

    [Fact]
    public async Task Sleepers_AllCatchUp_WithAtMostFourReaders()
    {
        await using var engine = await TestEngine.StartAsync();
        for (var index = 0; index < 100; index++)
        {
            await engine.SubscribeAsync($"s-{index}", $"streams=rare.{index}");
            await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, $"s-{index}");
        }

        await engine.AppendAsync(50_000, "common");
        for (var index = 0; index < 100; index++)
        {
            await engine.AppendAsync(3, $"rare.{index}");
        }

        await engine.AppendAsync(50_000, "common");
        for (var index = 0; index < 100; index++)
        {
            await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, $"s-{index}", fromNow: false);
        }

        await engine.SettleAsync();
        engine.Feature.Tries.Count.ShouldBe(300);
        engine.Engine.CatchUp.OpenCountMax.ShouldBeInRange(1, 4);
        await engine.AppendAsync(1, "rare.5");
        await engine.SettleAsync();
        engine.Feature.Tries.Count.ShouldBe(301);
    }

    [Fact]
    public async Task Backlog_BehindADownDestination_NeedsNoRowsAndLittleMemory()
    {
        const int Rounds = 20;
        var count = int.TryParse(Environment.GetEnvironmentVariable("WIKIBUS_DELIVERY_BACKLOG"), out var given)
            ? given
            : 100_000;
        await using var engine = await TestEngine.StartAsync();
        engine.SettleMax *= Math.Max(1, count / 50_000);
        await engine.SubscribeAsync("s");
        var isDown = true;
        var taken = new ConcurrentQueue<long>();
        engine.Feature.Answer = request =>
        {
            if (isDown)
            {
                return Task.FromResult(new DeliveryResult(Verdict.Down, null, "refused", "refused"));
            }

            taken.Enqueue(request.Record.Position);
            engine.Feature.Tries.Clear(); // They hold the payloads.
            return Task.FromResult(s_done);
        };
        await engine.AppendAsync(1, key: static _ => "k");
        await engine.SettleAsync();
        var filler = new string('x', 1_000);
        var before = Bytes();
        for (var round = 0; round < Rounds; round++)
        {
            await engine.AppendAsync(
                count / Rounds, key: static index => $"{index % 1_000}", payload: index => $"{index} {filler}");
            await engine.AdvanceAsync(TimeSpan.FromSeconds(30));
        }

        var grown = Bytes() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{count:N0} records behind: {grown >> 10:N0} KiB of memory");
        grown.ShouldBeLessThan(32L << 20);
        Rows(engine, "delivery_waiting").ShouldBe(0);
        Rows(engine, "delivery_history").ShouldBeLessThan(100, "a row for each probe");
        isDown = false;
        await engine.UntilAsync(() => engine.StatusOf("s").Lag == 0, TimeSpan.FromSeconds(5));
        taken.Order().ShouldBe(Enumerable.Range(0, count + 1).Select(static position => (long)position));
        foreach (var ofKey in taken.Where(static position => position > 0).GroupBy(position => KeyOf(position, count)))
        {
            ofKey.ShouldBe(ofKey.Order());
        }

        static long KeyOf(long position, int count) => (position - 1) % (count / Rounds) % 1_000;
    }

    [Fact]
    public async Task HundredThousandWaiting_TakeLittleMemory_StartQuickly_AndAreFoundByAnIndex()
    {
        await using var engine = await TestEngine.StartAsync();
        for (var index = 0; index < 10; index++)
        {
            await engine.SubscribeAsync($"s-{index}");
        }

        var before = Bytes();
        engine.State.Read(static connection => connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
            INSERT INTO delivery_waiting (number, lane, line, position, time_ms, stream, stream_offset, key_hash, bytes,
              attempts, tries, next_at)
            SELECT i + 1, i % 10 + 1, i + 1, i, 0, 'a', i, i + 1, 1200, 1, 1, 1767323045000 + 3600000 + i FROM n;
            INSERT INTO delivery_records (number, content_type, id, channel, wiki, payload)
            SELECT number, 'application/json', x'', x'', x'', zeroblob(1000) FROM delivery_waiting;
            """));
        var started = TimeProvider.System.GetTimestamp();
        await engine.RestartAsync();
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await engine.SettleAsync();
        (Bytes() - before).ShouldBeLessThan(16L << 20);
        engine.StatusOf("s-3").Waiting.ShouldBe(10_000);
        Plan(engine).ShouldContain("USING INDEX delivery_waiting_due (lane=? AND next_at>");
        engine.Feature.Tries.ShouldBeEmpty();
        await engine.UntilAsync(() => engine.Feature.Tries.Count == 100_000, TimeSpan.FromMinutes(20), stepsMax: 5_000);
        await engine.SettleAsync();
        Rows(engine, "delivery_waiting").ShouldBe(0);
        Rows(engine, "delivery_records").ShouldBe(0);
    }

    private static string Plan(TestEngine engine) => string.Join(
        '\n',
        engine.State.Read(static connection => connection.Query(
            $"EXPLAIN QUERY PLAN {WaitingTable.DueQuery}", static row => row.GetString(3),
            ("$lane", 1), ("$until", 1), ("$limit", 1))));

    private static long Rows(TestEngine engine, string table) => engine.State.Read(connection => connection.Query(
        $"SELECT count(*) FROM {table}", static row => row.GetInt64(0))).Single();

    private static long Bytes() => GC.GetTotalMemory(forceFullCollection: true);
}
