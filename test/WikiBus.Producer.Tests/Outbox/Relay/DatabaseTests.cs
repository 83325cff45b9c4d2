using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Outbox.Relay;

namespace WikiBus.Producer.Tests.Outbox.Relay;

/// <summary>What the relay does if its database has odd rows, refuses statements, or has few connections.</summary>
public sealed class DatabaseTests(OutboxDatabases databases)
{
    private const string Leads = "This process sends the events";

    // The time is not one that .NET has, so what waits cannot be measured.
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task LevelsThatCannotBeRead_DoNotHoldUpEvents(OutboxDatabaseKind kind)
    {
        var type = kind == OutboxDatabaseKind.Sqlite ? "blob" : "bytea";
        await using var database = await databases.CreateAsync(kind);
        await RelayRun.SeedAsync(database, 1);
        await database.ExecuteAsync(
            $"""
            INSERT INTO outbox (dialect, service, created, events)
            VALUES ('mediawiki', 'unknown', {long.MaxValue}, CAST('' AS {type}))
            """);
        await using var run = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(201));
        await run.UntilLoggedAsync("cannot work with the database");

        for (var count = 2; count < 5; count++)
        {
            await run.Wiki.ChangeAsync(page: count);
            await run.Clock.UntilAsync(() => run.Ids().Sum(ids => ids.Length) == count, TimeSpan.FromSeconds(1));
        }

        Lines(run, Leads).ShouldBe(1);
        run.Lines(LogLevel.Warning).Count().ShouldBe(1);
        (await run.Wiki.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
    }

    // The lead has the only connection of the pool.
    [Fact]
    public async Task PoolThatIsExhausted_DoesNotHoldUpEvents()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await RelayRun.SeedAsync(database);
        var text = database.ConnectionString + ";Maximum Pool Size=1;Timeout=1";
        await using var small = new OutboxTestDatabase(database.Kind, text, NpgsqlDataSource.Create(text));
        await using var run = await RelayRun.StartAsync(small, (_, _) => new StubAnswer(201));
        await run.UntilLoggedAsync("cannot work with the database");

        for (var count = 1; count < 4; count++)
        {
            await RelayRun.SeedAsync(database, 1);
            await run.Clock.UntilAsync(() => run.Bodies.Count == count);
        }

        Lines(run, Leads).ShouldBe(1);
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task RowsThatCannotBeDeleted_AreOneWarning_AndDegradeHealth(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await RelayRun.SeedAsync(database, 1);
        await database.ExecuteAsync(kind == OutboxDatabaseKind.Sqlite
            ? "CREATE TRIGGER refuse BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'refused'); END"
            : """
              CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
              CREATE TRIGGER refuse BEFORE DELETE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION refuse();
              """);
        await using var run = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(201));
        await run.UntilPostedAsync(6);
        var limit = TestTime.Token();

        run.Lines(LogLevel.Warning).Count().ShouldBe(1);
        (await run.Wiki.CheckHealthAsync()).Description.ShouldNotBeNull().ShouldContain("refused");

        await database.ExecuteAsync(
            kind == OutboxDatabaseKind.Sqlite ? "DROP TRIGGER refuse" : "DROP TRIGGER refuse ON outbox");
        while ((await run.Wiki.CheckHealthAsync()).Status != HealthStatus.Healthy)
        {
            run.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit);
        }

        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    // A logical replica that takes over counts ids from the start.
    [Fact]
    public async Task IdThatIsUsedAgain_DoesNotHideAnEventThatIsRefused()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await RelayRun.SeedAsync(database, 1);
        await using var run = await RelayRun.StartAsync(
            database, (_, body) => StubAnswer.Refusing(400, invalid: [body[1..^1]]));
        await run.Clock.UntilAsync(() => Lines(run, "is parked") == 1);
        await database.ExecuteAsync("TRUNCATE outbox RESTART IDENTITY");

        await run.Wiki.ChangeAsync(page: 2);
        await run.Clock.UntilAsync(() => Lines(run, "is parked") == 2);
        await run.Wiki.StopAsync();

        (await database.ScalarAsync("SELECT count(DISTINCT outbox_id) FROM outbox_parked")).ShouldBe(1L);
        (await database.CountAsync("outbox_parked")).ShouldBe(2);
    }

    // SQLite would copy all of them to sum up their sizes.
    [Fact]
    public async Task LargeRowsThatWait_AreNotCopiedForARequest()
    {
        const int Rows = 80;
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await RelayRun.SeedAsync(database);
        await database.ExecuteAsync(
            $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Rows})
            INSERT INTO outbox (dialect, service, created, events)
            SELECT 'mediawiki', 'eventbus', 0, zeroblob(5000000) FROM numbers
            """);
        await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
        using var store = new OutboxStore(connection, new SqliteDialect(), TimeProvider.System);
        var before = BytesWritten();

        var rows = await store.ReadRowsAsync(new OutboxQueue("mediawiki", "eventbus"), 1 << 20, TestTime.Token());

        rows.Count.ShouldBe(1);
        (BytesWritten() - before).ShouldBeLessThan(Rows * 5_000_000L / 2);
    }

    private static int Lines(RelayRun run, string text) =>
        run.Wiki.Logs.Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal));

    // By this process, into files.
    private static long BytesWritten() => long.Parse(
        File.ReadLines("/proc/self/io").Single(line => line.StartsWith("wchar: ", StringComparison.Ordinal))[7..],
        System.Globalization.CultureInfo.InvariantCulture);
}
