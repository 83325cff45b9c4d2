using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>Transactions that the wiki begins with Entity Framework.</summary>
public sealed class TransactionTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind, bool> Ways => EfWiki.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task SeveralSaveChanges_OneRowForEachService(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, configure: options =>
        {
            options.Services["purges"] = new EventServiceOptions { Url = "http://127.0.0.1:9/v1/events" };
            options.Streams = new Dictionary<string, StreamOptions>
            {
                ["resource-purge"] = new() { Service = "purges" },
                ["/.+/"] = new(),
            };
            options.PurgeStream = "resource-purge";
        });
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var transaction = await scope.BeginAsync();
                var first = scope.Add(1);
                await scope.SaveAsync();
                await scope.Services.GetRequiredService<ICdnPurger>()
                    .PurgeAsync(["https://wiki.example.org/wiki/1"], TestTime.Token());
                var second = scope.Add(2);
                await scope.SaveAsync();
                var third = scope.Publish();
                (await wiki.RowsAsync()).ShouldBeEmpty();
                await scope.CommitAsync();

                var rows = await wiki.RowsAsync();
                rows.Count.ShouldBe(2);
                rows[0].ShouldBe([first, second, third]);
                rows[1].Count.ShouldBe(1);
                (await wiki.PagesAsync()).ShouldBe([1, 2]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RolledBack_EventsAreForgotten(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var transaction = await scope.BeginAsync();
                scope.Add(1);
                await scope.SaveAsync();
                await scope.RollBackAsync();
                scope.Context.ChangeTracker.Clear();

                var id = scope.Add(2);
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task DisposedWithoutCommit_EventsAreForgottenAndLaterOnesAreNot(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                var transaction = await scope.BeginAsync();
                scope.Publish();
                await scope.DisposeAsync(transaction);

                var id = scope.Publish();
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);

                await scope.BeginAsync();
                scope.Publish();
            },
            isAsync);
        (await wiki.RowsAsync()).Count.ShouldBe(1);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task CommitThatFailed_CanBeTriedAgain(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(faults));
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var transaction = await scope.BeginAsync();
                var id = scope.Publish();
                faults.BeforeCommit = 1;
                await Should.ThrowAsync<TransientException>(scope.CommitAsync);
                await scope.CommitAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Savepoints_FollowTheirNames(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var transaction = await scope.BeginAsync();
                var first = scope.Publish();
                await scope.SavepointAsync("a");
                scope.Publish();
                await scope.SavepointAsync("b");
                scope.Publish();
                await scope.RollBackToAsync("a");

                var second = scope.Publish();
                await scope.SavepointAsync("c");
                var third = scope.Add(1);
                await scope.SaveAsync();
                await scope.ReleaseAsync("c");

                await scope.SavepointAsync("a");
                scope.Publish();
                await scope.RollBackToAsync("a");
                await scope.CommitAsync();
                (await wiki.RowsAsync()).ShouldBe([[first, second, third]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task SaveChangesThatFailed_TheTransactionGoesOn(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await database.ExecuteAsync("""INSERT INTO "Pages" ("Id", "Title", "Version") VALUES (1, '', 0)""");
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var transaction = await scope.BeginAsync();
                var first = scope.Add(2);
                await scope.SaveAsync();
                var second = scope.Add(1);
                await Should.ThrowAsync<DbUpdateException>(scope.SaveAsync);
                scope.Context.Pages.Local.Single(page => page.Id == 1).Id.ShouldBe(1);
                scope.Context.ChangeTracker.Clear();
                scope.Context.Pages.Add(new Page { Id = 3 });
                await scope.SaveAsync();
                await scope.CommitAsync();
                (await wiki.RowsAsync()).ShouldBe([[first, second]]);
                (await wiki.PagesAsync()).ShouldBe([1, 2, 3]);
            },
            isAsync);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task EventsFromBeforeTheTransaction_GoWithTheirChanges(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                // Not saved in the transaction: the change and its event outlive the rollback.
                var kept = scope.Add(1);
                await scope.DisposeAsync(await scope.BeginAsync());
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[kept]]);

                // Saved in the transaction: the context regards the change as saved, so it is never saved again.
                scope.Add(2);
                var transaction = await scope.BeginAsync();
                await scope.SaveAsync();
                await scope.DisposeAsync(transaction);
                var later = scope.Add(3);
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[kept], [later]]);
                (await wiki.PagesAsync()).ShouldBe([1, 3]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TransactionOfTheWiki_WikiSavesItself(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
                await using var transaction = await connection.BeginTransactionAsync(TestTime.Token());
                scope.Context.Database.SetDbConnection(connection);
                await using var used = await scope.Context.Database.UseTransactionAsync(transaction);
                var id = scope.Add(1);
                await scope.SaveAsync();
                await scope.Outbox.SaveAsync(connection, transaction, TestTime.Token());
                await transaction.CommitAsync(TestTime.Token());
                await scope.Context.Database.UseTransactionAsync(null);
                (await wiki.RowsAsync()).ShouldBe([[id]]);
                (await wiki.PagesAsync()).ShouldBe([1]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TransactionOfTheWiki_ItForgetsToSave_Error(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
                scope.Context.Database.SetDbConnection(connection);
                await using (var transaction = await connection.BeginTransactionAsync(TestTime.Token()))
                {
                    await scope.Context.Database.UseTransactionAsync(transaction);
                    scope.Add(1);
                    await scope.SaveAsync();
                    await transaction.CommitAsync(TestTime.Token());
                    await scope.Context.Database.UseTransactionAsync(null);
                }

                var later = scope.Add(2);
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[later]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("1 1");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TransactionOfTheWiki_TheContextCommitsIt(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
                await using var transaction = await connection.BeginTransactionAsync(TestTime.Token());
                scope.Context.Database.SetDbConnection(connection);
                await scope.Context.Database.UseTransactionAsync(transaction);
                var id = scope.Add(1);
                await scope.SaveAsync();
                await scope.CommitAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TransactionOfTheOutbox_ContextUsesIt(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
                await using var transaction = await scope.Outbox.BeginTransactionAsync(
                    connection, cancellationToken: TestTime.Token());
                scope.Context.Database.SetDbConnection(connection);
                await scope.Context.Database.UseTransactionAsync(transaction.Transaction);
                var id = scope.Add(1);
                await scope.SaveAsync();
                await transaction.CommitAsync(TestTime.Token());
                (await wiki.RowsAsync()).ShouldBe([[id]]);
                (await wiki.PagesAsync()).ShouldBe([1]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AmbientTransaction_EventsAreRefused(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                var id = scope.Add(1);
                using (new System.Transactions.TransactionScope(
                    System.Transactions.TransactionScopeAsyncFlowOption.Enabled))
                {
                    var exception = await Should.ThrowAsync<NotSupportedException>(scope.SaveAsync);
                    exception.Message.ShouldContain("System.Transactions");
                }

                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }
}
