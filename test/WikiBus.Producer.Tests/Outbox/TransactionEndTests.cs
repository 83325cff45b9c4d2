using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>How transactions of ADO.NET end, and what becomes of their events.</summary>
public sealed class TransactionEndTests(OutboxDatabases databases)
{
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task EnlistedTransactionThatWasRolledBack_AnotherCanBeEnlisted(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database);
        await wiki.InScopeAsync(async (services, connection) =>
        {
            var outbox = services.GetRequiredService<IOutbox>();
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            foreach (var isCommitted in (bool[])[false, true])
            {
                await using var transaction = await connection.BeginTransactionAsync(TestTime.Token());
                outbox.Enlist(transaction);
                publisher.Publish(OutboxWiki.NewEvent(publisher, 1));
                if (isCommitted)
                {
                    await outbox.SaveAsync(connection, transaction, TestTime.Token());
                    await transaction.CommitAsync(TestTime.Token());
                }
                else
                {
                    await transaction.RollbackAsync(TestTime.Token());
                    outbox.Discard();
                }
            }
        });
        (await database.CountAsync("outbox")).ShouldBe(1);
        wiki.Logs.Lines.ShouldAllBe(line => line.Level < LogLevel.Warning);
    }

    // Npgsql uses the same object for both transactions, so there Enlist throws.
    [Fact]
    public async Task EnlistedTransactionsThatWereNotSaved_OneErrorEach()
    {
        using var metrics = new TestMetrics();
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(database, services: metrics.Register);
        await wiki.InScopeAsync(async (services, connection) =>
        {
            var outbox = services.GetRequiredService<IOutbox>();
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            for (var i = 0; i < 2; i++)
            {
                await using var transaction = await connection.BeginTransactionAsync(TestTime.Token());
                outbox.Enlist(transaction);
                publisher.Publish(OutboxWiki.NewEvent(publisher, 1));
                await transaction.CommitAsync(TestTime.Token());
            }
        });
        wiki.Logs.Lines.Count(line => line.Level == LogLevel.Error).ShouldBe(2);
        metrics.Sum("wikibus.outbox.unsaved").ShouldBe(2);
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task DiscardAfterSavepoint_ItsEventsDoNotComeBack(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database);
        await wiki.InScopeAsync(async (services, connection) =>
        {
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            var outbox = services.GetRequiredService<IOutbox>();
            await using var transaction = await outbox.BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token());
            publisher.Publish(OutboxWiki.NewEvent(publisher, 1), OutboxWiki.NewEvent(publisher, 2));
            await transaction.SaveAsync("point", TestTime.Token());
            outbox.Discard();
            publisher.Publish(OutboxWiki.NewEvent(publisher, 3));
            await transaction.RollbackAsync("point", TestTime.Token());
            await transaction.CommitAsync(TestTime.Token());
        });
        (await database.CountAsync("outbox")).ShouldBe(0);
        wiki.Logs.Lines.ShouldAllBe(line => line.Level < LogLevel.Warning);
    }
}
