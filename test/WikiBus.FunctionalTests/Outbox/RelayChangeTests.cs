using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>One relay follows another, also when the first did not end properly: the bus has each event once.</summary>
public sealed class RelayChangeTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromHours(25);

    // What one change publishes, in order.
    private static readonly string[] s_streams = ["resource_change", "resource-purge", "mediawiki.job.refreshLinks"];

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task RelayThatDiedBeforeItDeleted_AndCameBackADayLater_SendsNothingTwice(OutboxDatabaseKind kind)
    {
        var clock = new JumpingClock();
        await using var bus = await RunningServer.StartAsync(services => services.AddSingleton<TimeProvider>(clock));
        await using var database = await OutboxDatabase.StartAsync(kind);
        var gate = new AnswerGate(holdsAnswer: true);
        await using (var wiki = await WikiWithOutbox.StartAsync(database, bus.Address, gate))
        {
            await wiki.ChangeAsync("A");
            await gate.WaitAsync();
            await wiki.CutOffAsync();
        }

        await StreamsShouldBeAsync(bus, s_streams);
        await database.WaitForCountAsync("SELECT count(*) FROM outbox", 1);
        clock.Error = s_day;
        await bus.RestartAsync();

        await using var next = await WikiWithOutbox.StartAsync(database, bus.Address, time: clock.GetUtcNow());
        await next.ChangeAsync("B");
        await next.AdvanceUntilAsync(() => IsSentAsync(database));
        await StreamsShouldBeAsync(bus, [.. s_streams, .. s_streams]);
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task RelayThatLeads_IsFollowedByAnotherWhenItStops(OutboxDatabaseKind kind)
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(kind);
        await using var first = await WikiWithOutbox.StartAsync(database, bus.Address);
        await first.AdvanceUntilAsync(first.IsLeadingAsync);
        await using var second = await WikiWithOutbox.StartAsync(
            database, bus.Address, time: first.Clock.GetUtcNow());
        await second.ChangeAsync("A");
        await first.AdvanceUntilAsync(() => IsSentAsync(database));
        (await second.IsLeadingAsync()).ShouldBeFalse();

        await first.StopAsync();

        await second.ChangeAsync("B");
        await second.AdvanceUntilAsync(() => IsSentAsync(database));
        (await second.IsLeadingAsync()).ShouldBeTrue();
        await StreamsShouldBeAsync(bus, [.. s_streams, .. s_streams]);
    }

    // PostgreSQL ends the connection of the first relay. With SQLite, its lease ends while its time stands still.
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite, false)]
    [InlineData(OutboxDatabaseKind.Sqlite, true)]
    [InlineData(OutboxDatabaseKind.PostgreSql, false)]
    [InlineData(OutboxDatabaseKind.PostgreSql, true)]
    public async Task RelayThatFroze_AndComesBack_SendsNothingTwice(OutboxDatabaseKind kind, bool hasAnswer)
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(kind);
        var gate = new AnswerGate(hasAnswer);
        await using var frozen = await WikiWithOutbox.StartAsync(database, bus.Address, gate);
        await frozen.AdvanceUntilAsync(frozen.IsLeadingAsync);
        await frozen.ChangeAsync("A");
        await gate.WaitAsync();

        await using var next = await WikiWithOutbox.StartAsync(database, bus.Address);
        await next.ChangeAsync("B");
        await EndLeadAsync(database);
        await next.AdvanceUntilAsync(() => IsSentAsync(database));
        await next.ChangeAsync("C");
        await next.AdvanceUntilAsync(() => IsSentAsync(database));
        await ThawAsync(frozen, gate, next.Clock.GetUtcNow());

        await next.ChangeAsync("D");
        await next.AdvanceUntilAsync(() => IsSentAsync(database));
        await StreamsShouldBeAsync(bus, [.. s_streams, .. s_streams, .. s_streams, .. s_streams]);
        StoredRecords.Read(bus).Where(record => record.Stream == "resource-purge")
            .Select(record => "ABCD".Single(name => record.Payload.Contains($"/wiki/{name}\"")))
            .ShouldBe("ABCD");
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task RelayThatFroze_DoesNotParkAgainWhatWasDropped(OutboxDatabaseKind kind)
    {
        await using var bus = await RunningServer.StartAsync();
        await using var database = await OutboxDatabase.StartAsync(kind);
        var gate = new AnswerGate(holdsAnswer: true);
        await using var frozen = await WikiWithOutbox.StartAsync(database, bus.Address, gate);
        await frozen.AdvanceUntilAsync(frozen.IsLeadingAsync);
        frozen.Errors.Expect("is parked");
        await frozen.ChangeWithInvalidEventAsync();
        await gate.WaitAsync();

        await using var next = await WikiWithOutbox.StartAsync(database, bus.Address);
        next.Errors.Expect("is parked");
        await EndLeadAsync(database);
        await next.AdvanceUntilAsync(() => IsSentAsync(database));
        var parked = (await next.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        (await next.Administration.DropParkedAsync(parked.Id, TestTime.Token())).ShouldBeTrue();

        await ThawAsync(frozen, gate, next.Clock.GetUtcNow());
        await frozen.StopAsync();
        (await next.Administration.ListParkedAsync(cancellationToken: TestTime.Token())).ShouldBeEmpty();
    }

    // When a process goes on, the time has gone on, too. Then it finds that it does not lead any more.
    private static async Task ThawAsync(WikiWithOutbox frozen, AnswerGate gate, DateTimeOffset time)
    {
        gate.Open();
        frozen.Clock.SetUtcNow(time > frozen.Clock.GetUtcNow() ? time : frozen.Clock.GetUtcNow());
        await frozen.AdvanceUntilAsync(async () => !await frozen.IsLeadingAsync());
    }

    private static async Task EndLeadAsync(OutboxDatabase database)
    {
        if (database.Kind == OutboxDatabaseKind.PostgreSql)
        {
            await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        }
    }

    private static async Task<bool> IsSentAsync(OutboxDatabase database) =>
        await database.CountAsync("SELECT count(*) FROM outbox") == 0;

    private static async Task StreamsShouldBeAsync(RunningServer bus, IReadOnlyList<string> streams)
    {
        await StoredRecords.WaitAsync(bus, streams.Count);
        StoredRecords.Read(bus).Select(record => record.Stream).ShouldBe(streams);
    }
}
