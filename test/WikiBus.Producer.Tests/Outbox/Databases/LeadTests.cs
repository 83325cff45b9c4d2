using Npgsql;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Tests.Outbox.Databases;

/// <summary>How long a relay leads that does not end properly.</summary>
public sealed class LeadTests(OutboxDatabases databases)
{
    // Otherwise the server keeps the lock for two hours if the relay's machine or network goes away, or ends the lead
    // because of settings that are for the wiki.
    [Fact]
    public async Task LeadWithPostgreSql_HasItsOwnSettings()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await OutboxWiki.StartAsync(database);
        await SetAsync(database, "statement_timeout = 5000");
        await SetAsync(database, "lock_timeout = 5000");
        await SetAsync(database, "idle_session_timeout = 5000");
        await SetAsync(database, "default_transaction_isolation = 'serializable'");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(TestTime.Token());
        await using var lead = await new PostgreSqlDialect().TryLeadAsync(
            connection, TimeProvider.System, TestTime.Token());
        lead.ShouldNotBeNull();

        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) FROM pg_settings
            WHERE name LIKE 'tcp_keepalives%' OR name IN (
                'statement_timeout', 'lock_timeout', 'idle_session_timeout', 'default_transaction_isolation')
            """;
        (await command.ExecuteScalarAsync(TestTime.Token())).ShouldBe(
            "default_transaction_isolation read committed, idle_session_timeout 0, lock_timeout 0, "
            + "statement_timeout 0, tcp_keepalives_count 3, tcp_keepalives_idle 10, tcp_keepalives_interval 5");
    }

    [Fact]
    public async Task LeadWithPostgreSql_IsNotForSessionsThatCannotWrite()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await OutboxWiki.StartAsync(database);
        await SetAsync(database, "default_transaction_read_only = on");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(TestTime.Token());

        (await Should.ThrowAsync<PostgresException>(new PostgreSqlDialect().TryLeadAsync(
            connection, TimeProvider.System, TestTime.Token()))).SqlState.ShouldBe("25006");
    }

    [Fact]
    public async Task LeadWithSqlite_EndsIfTheOtherClockIsAhead()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(database);
        var (clock, ahead) = (new TestClock(), new TestClock());
        ahead.Advance(TimeSpan.FromHours(1));
        await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
        await using var first = await new SqliteDialect().TryLeadAsync(connection, clock, TestTime.Token());
        first.ShouldNotBeNull();
        (await first.RenewAsync(TestTime.Token())).ShouldBeTrue();

        await using var second = await new SqliteDialect().TryLeadAsync(connection, ahead, TestTime.Token());
        second.ShouldNotBeNull();

        (await first.RenewAsync(TestTime.Token())).ShouldBeFalse();
        (await second.RenewAsync(TestTime.Token())).ShouldBeTrue();
    }

    private static Task SetAsync(OutboxTestDatabase database, string setting) => database.ExecuteAsync(
        $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting.Replace("'", "''", StringComparison.Ordinal)}', "
        + "current_database()); END $$");
}
