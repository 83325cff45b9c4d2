using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Deliveries;
using WikiBus.Server.State;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>What the engine keeps about deliveries, in memory and in the tables.</summary>
internal static class DeliveryBooks
{
    /// <summary>Compares what is counted in memory with the tables, while nothing is sent.</summary>
    public static async Task CompareAsync(RunningServer server)
    {
        var engine = server.Services.GetRequiredService<DeliveryEngine>();
        await WaitForIdleAsync(engine);
        var state = server.Services.GetRequiredService<StateDatabase>();
        await engine.Committer.InTurnAsync(async () =>
        {
            var stored = await state.ReadAsync(static connection => connection.Query(
                """
                SELECT l.subscription, count(*) FILTER (WHERE w.dead_at IS NULL),
                  coalesce(sum(w.bytes) FILTER (WHERE w.dead_at IS NULL), 0),
                  count(*) FILTER (WHERE w.dead_at IS NOT NULL),
                  coalesce(sum(w.bytes) FILTER (WHERE w.dead_at IS NOT NULL), 0)
                FROM delivery_waiting w JOIN delivery_lanes l ON l.number = w.lane GROUP BY l.subscription
                """,
                static row => (row.GetInt64(0), new Books(
                    row.GetInt32(1), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4)))));
            var lanes = await state.ReadAsync(static connection => connection.Query(
                "SELECT number FROM delivery_lanes ORDER BY number", static row => row.GetInt64(0)));
            lock (engine.Parts.Lock)
            {
                var known = engine.Book.All.ToList();
                known.SelectMany(static one => one.Lanes).Select(static lane => lane.Number).Order().ShouldBe(lanes);
                var counted = known.Select(static one => (one.Number, new Books(
                    one.Counts.Waiting, one.Counts.WaitingBytes, one.Counts.Dead, one.Counts.DeadBytes)));
                counted.Where(static one => one.Item2 != default).OrderBy(static one => one.Number)
                    .ShouldBe(stored.OrderBy(static one => one.Item1));
                known.Sum(static one => one.Lanes.Sum(static lane => lane.Deliveries.WaitingCount))
                    .ShouldBe(stored.Sum(static one => one.Item2.Waiting));
                engine.Parts.Room.Bytes.ShouldBe(
                    stored.Sum(static one => one.Item2.WaitingBytes + one.Item2.DeadBytes));
                engine.Parts.QueuedBytes.ShouldBe(0);
            }

            return true;
        });
    }

    /// <summary>Waiting deliveries are due at once, and die at their next failure.</summary>
    public static async Task AgeAsync(RunningServer server)
    {
        var engine = server.Services.GetRequiredService<DeliveryEngine>();
        var state = server.Services.GetRequiredService<StateDatabase>();
        await engine.Committer.InTurnAsync(async () =>
        {
            await state.ChangeAsync(static connection => connection.Execute(
                "UPDATE delivery_waiting SET attempts = 10, next_at = 1 WHERE next_at IS NOT NULL"));
            lock (engine.Parts.Lock)
            {
                foreach (var lane in engine.Book.All.SelectMany(static one => one.Lanes))
                {
                    lane.Deliveries.Rows.DueAt(engine.Parts.Now);
                    engine.Parts.Queues.Touch(lane);
                }
            }

            return true;
        });
    }

    private static async Task WaitForIdleAsync(DeliveryEngine engine)
    {
        var token = TestTime.Token();
        while (!IsIdle())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, token);
        }

        bool IsIdle()
        {
            lock (engine.Parts.Lock)
            {
                return engine.Parts.Pending is { IsEmpty: true, OutcomeCount: 0 }
                    && engine.Book.All.All(static one => one.Destination.RunningCount == 0
                        && one.Lanes.TrueForAll(static lane => !lane.Deliveries.Rows.IsLoading));
            }
        }
    }

    private readonly record struct Books(int Waiting, long WaitingBytes, int Dead, long DeadBytes);
}
