using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>What the outbox costs a transaction, counted.</summary>
public sealed class CostTests(OutboxDatabases databases)
{
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite, 0)]
    [InlineData(OutboxDatabaseKind.Sqlite, 201)]
    [InlineData(OutboxDatabaseKind.Sqlite, 503)]
    [InlineData(OutboxDatabaseKind.Sqlite, -1)]
    [InlineData(OutboxDatabaseKind.PostgreSql, 0)]
    [InlineData(OutboxDatabaseKind.PostgreSql, 201)]
    [InlineData(OutboxDatabaseKind.PostgreSql, 503)]
    [InlineData(OutboxDatabaseKind.PostgreSql, -1)]
    public async Task Transaction_HasOneMoreStatementAndRoundTrip_WhateverTheServiceDoes(
        OutboxDatabaseKind kind, int status)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var service = await StubService.StartAsync(
            context => new StubAnswer(Math.Max(status, 0)).WriteAsync(context));
        await using var wiki = await OutboxWiki.StartAsync(
            database,
            status < 0 ? "http://127.0.0.1:9/v1/events" : service.Url,
            services: services =>
                services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        await database.ExecuteAsync("CREATE TABLE page (id INTEGER)");
        await using var proxy = kind == OutboxDatabaseKind.PostgreSql
            ? new PostgreSqlProxy(database.ConnectionString) : null;
        await using DbDataSource source = proxy is null
            ? SqliteFactory.Instance.CreateDataSource(database.ConnectionString)
            : NpgsqlDataSource.Create(proxy.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(TestTime.Token());

        // BEGIN goes with the first statement. SQLite has no round trips.
        var isPostgreSql = proxy is not null;
        for (var i = 0; i < 20; i++)
        {
            var (statements, roundTrips) = await RecordAsync(wiki, connection, proxy, eventCount: 0);
            statements.ShouldBe(["BEGIN", "INSERT page", "COMMIT"]);
            roundTrips.ShouldBe(isPostgreSql ? 2 : 0);

            (statements, roundTrips) = await RecordAsync(wiki, connection, proxy, eventCount: 10);
            statements.ShouldBe(["BEGIN", "INSERT page", "INSERT outbox", "COMMIT"]);
            roundTrips.ShouldBe(isPostgreSql ? 3 : 0);
        }
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite, 1, 160)]
    [InlineData(OutboxDatabaseKind.Sqlite, 10, 95)]
    [InlineData(OutboxDatabaseKind.PostgreSql, 1, 160)]
    [InlineData(OutboxDatabaseKind.PostgreSql, 10, 92)]
    public async Task Row_TakesAtMost200BytesMoreThanItsEvents(OutboxDatabaseKind kind, int eventCount, int eventBytes)
    {
        // The sizes nearly fill the pages: what a page has left is not a part of a row.
        const int Rows = 2000;
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database);
        var before = await SizeAsync(database);

        await wiki.PublishAsync(_ => [.. Enumerable.Range(0, eventCount).Select(_ => TestEvents.OfSize(eventBytes))]);
        await database.ExecuteAsync(
            $"""
            INSERT INTO outbox (dialect, service, created, events)
            SELECT dialect, service, created, events FROM outbox, (
                WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Rows})
                SELECT n FROM numbers) AS copies
            """);

        var perRow = ((await SizeAsync(database)) - before) / Rows;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perRow - (eventCount * eventBytes)} bytes more");
        perRow.ShouldBeInRange(eventCount * eventBytes, (eventCount * eventBytes) + 200);
    }

    private static async Task<long> SizeAsync(OutboxTestDatabase database) => Convert.ToInt64(
        await database.ScalarAsync(database.Kind == OutboxDatabaseKind.Sqlite
            ? "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            : "SELECT pg_total_relation_size('outbox')"),
        CultureInfo.InvariantCulture);

    private static async Task<(IEnumerable<string> Statements, int RoundTrips)> RecordAsync(
        OutboxWiki wiki, DbConnection connection, PostgreSqlProxy? proxy, int eventCount)
    {
        if (proxy is not null)
        {
            var (texts, count) = await proxy.RecordAsync(() => ChangeAsync(wiki, connection, eventCount));
            return (texts.Select(ShortOf), count);
        }

        var statements = new List<string>();
        var handle = ((SqliteConnection)connection).Handle;
        SQLitePCL.raw.sqlite3_trace(handle, (_, text) => Add(statements, ShortOf(text)), null);
        await ChangeAsync(wiki, connection, eventCount);
        SQLitePCL.raw.sqlite3_trace(handle, (SQLitePCL.strdelegate_trace?)null, null);
        return (statements, 0);
    }

    private static async Task ChangeAsync(OutboxWiki wiki, DbConnection connection, int eventCount)
    {
        await using var scope = wiki.Services.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<IOutbox>().BeginTransactionAsync(
            connection, cancellationToken: TestTime.Token());
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO page VALUES (1)";
        command.Transaction = transaction.Transaction;
        await command.ExecuteNonQueryAsync(TestTime.Token());
        if (eventCount > 0)
        {
            scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>().Publish(
                [.. Enumerable.Range(0, eventCount).Select(_ => TestEvents.Event())]);
        }

        await transaction.CommitAsync(TestTime.Token());
    }

    // While the relay uses the file, the driver executes BEGIN or COMMIT again until it succeeds.
    private static void Add(List<string> statements, string statement)
    {
        if (statement is not ("BEGIN" or "COMMIT") || statements.LastOrDefault() != statement)
        {
            statements.Add(statement);
        }
    }

    private static string ShortOf(string statement)
    {
        var words = statement.TrimEnd(';').Split(' ');
        return words[0] == "INSERT" ? $"INSERT {words[2]}" : words[0];
    }
}
