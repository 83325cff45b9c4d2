using Microsoft.Extensions.Diagnostics.HealthChecks;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>The database of the outbox is away, locked, shared, or has few connections.</summary>
public sealed class DatabaseTroubleTests
{
    private const string Listeners = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN wikibus_outbox'";

    [Fact]
    public async Task DatabaseThatIsAwayAtTheStart_GetsItsTablesLater()
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        await database.Cluster!.KillAsync();
        await using var wiki = await WikiWithOutbox.StartAsync(database, bus.Address);
        (await wiki.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Degraded);

        await database.Cluster.StartServerAsync();
        await wiki.AdvanceUntilAsync(async () => (await wiki.CheckHealthAsync()).Status == HealthStatus.Healthy);
        await wiki.ChangeAsync("A");
        await wiki.AdvanceUntilAsync(() => IsSentAsync(bus, 3));
    }

    [Fact]
    public async Task LeadThatIsTerminated_IsTakenAgain()
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await WikiWithOutbox.StartAsync(database, bus.Address);
        for (var count = 1; count <= 5; count++)
        {
            await wiki.AdvanceUntilAsync(wiki.IsLeadingAsync);
            await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
            await wiki.ChangeAsync("A");
            await wiki.AdvanceUntilAsync(() => IsSentAsync(bus, 3 * count));
        }

        await database.WaitUntilSentAsync();
        StoredRecords.Read(bus).Count.ShouldBe(15);
    }

    [Fact]
    public async Task ConnectionThatListens_AndIsTerminated_IsOpenedAgain()
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await WikiWithOutbox.StartAsync(database, bus.Address);
        await database.WaitForCountAsync(Listeners, 1);
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN wikibus_outbox'");
        await wiki.AdvanceUntilAsync(async () => await database.CountAsync(Listeners) == 1);
        await wiki.ChangeAsync("A");
        await wiki.AdvanceUntilAsync(() => IsSentAsync(bus, 3));
    }

    [Theory]
    [InlineData("WAL", "BEGIN IMMEDIATE")]
    [InlineData("DELETE", "BEGIN EXCLUSIVE")]
    public async Task FileThatIsLockedForLong_DelaysEvents(string mode, string begin)
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.Sqlite);
        await database.ExecuteAsync($"PRAGMA journal_mode = {mode}");
        var gate = new AnswerGate(holdsAnswer: true);
        await using var wiki = await WikiWithOutbox.StartAsync(
            database, bus.Address, gate, settings: "Default Timeout=1");
        await wiki.ChangeAsync("A");
        await gate.WaitAsync();
        await using (var source = database.CreateSource("Pooling=false"))
        await using (var connection = await source.OpenConnectionAsync(TestTime.Token()))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = begin;
            await command.ExecuteNonQueryAsync(TestTime.Token());
            gate.Open();
            await wiki.AdvanceUntilAsync(async () =>
                (await wiki.CheckHealthAsync()).Description?.Contains("cannot") == true);
            command.CommandText = "ROLLBACK";
            await command.ExecuteNonQueryAsync(TestTime.Token());
        }

        await wiki.ChangeAsync("B");
        await wiki.AdvanceUntilAsync(() => IsSentAsync(bus, 6));
        await wiki.AdvanceUntilAsync(async () => await database.CountAsync("SELECT count(*) FROM outbox") == 0);
        StoredRecords.Read(bus).Count.ShouldBe(6);
    }

    [Fact]
    public async Task WikisInTwoSchemas_HaveEachTheirRelay()
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        await database.ExecuteAsync("CREATE SCHEMA first; CREATE SCHEMA second");
        await using var first = await WikiWithOutbox.StartAsync(database, bus.Address, settings: "Search Path=first");
        await using var second = await WikiWithOutbox.StartAsync(database, bus.Address, settings: "Search Path=second");
        await first.AdvanceUntilAsync(first.IsLeadingAsync);
        await second.AdvanceUntilAsync(second.IsLeadingAsync);
        await first.ChangeAsync("A");
        await second.ChangeAsync("B");
        await first.AdvanceUntilAsync(async () => await database.CountAsync("SELECT count(*) FROM first.outbox") == 0);
        await second.AdvanceUntilAsync(
            async () => await database.CountAsync("SELECT count(*) FROM second.outbox") == 0);
        (await first.IsLeadingAsync()).ShouldBeTrue();
        StoredRecords.Read(bus).Count.ShouldBe(6);
    }

    // The relay keeps two connections.
    [Fact]
    public async Task PoolOfThreeConnections_IsEnough()
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await WikiWithOutbox.StartAsync(
            database, bus.Address, settings: "Maximum Pool Size=3");
        await database.WaitForCountAsync(Listeners, 1);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => wiki.ChangeAsync("A")));
        await wiki.AdvanceUntilAsync(() => IsSentAsync(bus, 60));
        (await wiki.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task DatabaseThatEndsWhileTheWikiStops_IsNoError()
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        var gate = new AnswerGate(holdsAnswer: true);
        await using var wiki = await WikiWithOutbox.StartAsync(database, bus.Address, gate);
        await wiki.ChangeAsync("A");
        await gate.WaitAsync();
        await database.Cluster!.KillAsync();
        wiki.Clock.Advance(TimeSpan.FromSeconds(10));
        var stopping = wiki.StopAsync();
        gate.Open();
        await stopping;
    }

    // The lock of the relay would be on any connection of the pool.
    [Fact]
    public async Task ConnectionsThatAreMultiplexed_AreRefusedAtTheStart()
    {
        await using var database = await OutboxDatabase.StartAsync(OutboxDatabaseKind.PostgreSql);
        var exception = await Should.ThrowAsync<NotSupportedException>(() => WikiWithOutbox.StartAsync(
            database, new Uri("http://127.0.0.1:9"), settings: "Multiplexing=true"));
        exception.Message.ShouldContain("Multiplexing");
    }

    private static Task<bool> IsSentAsync(RunningServer bus, long count) =>
        Task.FromResult(StoredRecords.End(bus) >= count);
}
