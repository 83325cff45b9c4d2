using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Tests.Outbox.Databases;

/// <summary>How long a relay leads that does not end properly.</summary>
public sealed class LeadTests(OutboxDatabases databases)
{
    // Otherwise the server keeps the lock for two hours if the relay's machine or network goes away.
    [Fact]
    public async Task LeadWithPostgreSql_IsProbedByTheServer()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await OutboxWiki.StartAsync(database);
        await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
        await using var lead = await new PostgreSqlDialect().TryLeadAsync(
            connection, TimeProvider.System, TestTime.Token());
        lead.ShouldNotBeNull();

        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings
            WHERE name IN ('tcp_keepalives_count', 'tcp_keepalives_idle', 'tcp_keepalives_interval')
            """;
        (await command.ExecuteScalarAsync(TestTime.Token())).ShouldBe("3 10 5");
    }
}
