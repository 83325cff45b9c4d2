using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>What the outbox costs a transaction, counted.</summary>
public sealed class CostTests(OutboxDatabases databases)
{
    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    [InlineData(503)]
    [InlineData(-1)]
    public async Task Transaction_HasOneMoreStatement_WhateverTheServiceDoes(int status)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var service = await StubService.StartAsync(
            context => new StubAnswer(Math.Max(status, 0)).WriteAsync(context));
        await using var wiki = await OutboxWiki.StartAsync(
            database,
            status < 0 ? "http://127.0.0.1:9/v1/events" : service.Url,
            services: services =>
                services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        await database.ExecuteAsync("CREATE TABLE page (id INTEGER)");

        for (var i = 0; i < 20; i++)
        {
            (await StatementsAsync(wiki, eventCount: 0)).ShouldBe(["BEGIN", "INSERT page", "COMMIT"]);
            (await StatementsAsync(wiki, eventCount: 10)).ShouldBe(["BEGIN", "INSERT page", "INSERT outbox", "COMMIT"]);
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

    [Fact]
    public async Task Memory_DoesNotGrowWithWhatWaits()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var service = await StubService.StartHangingAsync();
        await using var wiki = await OutboxWiki.StartAsync(
            database,
            service.Url,
            services: services =>
                services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        await wiki.PublishAsync(_ => [TestEvents.OfSize(1000)]);
        await service.NextAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 1000; i++)
        {
            await wiki.PublishAsync(_ => [TestEvents.OfSize(1000)]);
        }

        await database.ExecuteAsync(
            """
            INSERT INTO outbox (dialect, service, created, events)
            SELECT first.dialect, first.service, first.created, first.events FROM outbox AS first, (
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100)
                SELECT n FROM numbers) AS copies
            """);
        (await database.CountAsync("outbox")).ShouldBeGreaterThan(100_000);
        (await wiki.Administration.GetLevelsAsync(TestTime.Token())).Single().Rows.ShouldBeGreaterThan(100_000);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{growth} bytes of growth");
        growth.ShouldBeLessThan(32 << 20);
    }

    private static async Task<long> SizeAsync(OutboxTestDatabase database) => Convert.ToInt64(
        await database.ScalarAsync(database.Kind == OutboxDatabaseKind.Sqlite
            ? "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            : "SELECT pg_total_relation_size('outbox')"),
        CultureInfo.InvariantCulture);

    private static async Task<List<string>> StatementsAsync(OutboxWiki wiki, int eventCount)
    {
        var statements = new List<string>();
        await wiki.InScopeAsync(async (services, connection) =>
        {
            SQLitePCL.raw.sqlite3_trace(
                ((SqliteConnection)connection).Handle, (_, text) => Add(statements, ShortOf(text)), null);
            await using (var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token()))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO page VALUES (1)";
                command.Transaction = transaction.Transaction;
                await command.ExecuteNonQueryAsync(TestTime.Token());
                if (eventCount > 0)
                {
                    services.GetRequiredService<IWikiEventPublisher>().Publish(
                        [.. Enumerable.Range(0, eventCount).Select(_ => TestEvents.Event())]);
                }

                await transaction.CommitAsync(TestTime.Token());
            }

            SQLitePCL.raw.sqlite3_trace(
                ((SqliteConnection)connection).Handle, (SQLitePCL.strdelegate_trace?)null, null);
        });
        return statements;
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
