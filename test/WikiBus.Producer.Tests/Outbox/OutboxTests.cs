using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Events are sent if, and only if, their transaction is committed.</summary>
public sealed class OutboxTests(OutboxDatabases databases)
{
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task CommittedEvent_IsPostedAndItsRowDeleted(OutboxDatabaseKind kind)
    {
        await using var service = await StubService.StartAsync();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database, service.Url);

        await wiki.ChangeAsync(page: 1, isCommitted: false);
        var item = await wiki.ChangeAsync(page: 2);

        (await service.NextAsync()).Body.ShouldBe($"[{Encoding.UTF8.GetString(item.Json.Span)}]");
        await wiki.StopAsync();
        (await database.CountAsync("outbox")).ShouldBe(0);
        service.Count.ShouldBe(1);
        wiki.Logs.Lines.ShouldAllBe(line => line.Level < LogLevel.Warning);
    }

    [Fact]
    public async Task Publishing_OutsideOfATransaction_ThrowsOnlyIfTheEventIsSent()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(
            database, configure: options => options.EnabledKinds = EventKinds.Purge);

        await wiki.InScopeAsync(async (services, _) =>
        {
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            publisher.Publish(OutboxWiki.NewEvent(publisher, page: 1));
            await Should.ThrowAsync<InvalidOperationException>(services.GetRequiredService<ICdnPurger>()
                .PurgeAsync(["https://wiki.example.org/wiki/A"], TestTime.Token()));
        });
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task TransactionThatIsCommittedDirectly_IsAnError(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database);
        await wiki.InScopeAsync(async (services, connection) =>
        {
            await using var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token());
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            publisher.Publish(OutboxWiki.NewEvent(publisher, page: 1));
            await transaction.Transaction.CommitAsync(TestTime.Token());
        });

        wiki.Logs.Lines.ShouldHaveSingleItem().ToString().ShouldStartWith("(Error, 1 events were published");
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task TableOfTheWikiWithTheSameName_IsAFaultAtTheStart(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await database.ExecuteAsync("CREATE TABLE outbox (id int)");

        (await OutboxWiki.StartAsync(database).ShouldThrowAsync<OutboxTablesException>()).Message
            .ShouldMatch(
                "^The (table outbox is missing, or the wiki has another one|tables of the outbox cannot be made)");
    }

    [Fact]
    public async Task DataSourceOfAnotherKind_IsAFaultAtTheStart()
    {
        await using var sqlite = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wrong = new OutboxTestDatabase(OutboxDatabaseKind.PostgreSql, "", sqlite.Source);

        (await OutboxWiki.StartAsync(wrong).ShouldThrowAsync<NotSupportedException>()).Message
            .ShouldStartWith("The data source of the outbox opens Microsoft.Data.Sqlite.SqliteConnection;");
    }
}
