using Microsoft.EntityFrameworkCore;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary><c>SaveChanges</c> without a transaction of the wiki.</summary>
public sealed class SaveChangesTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind, bool> Ways => EfWiki.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task OneChangeWithEvents_OneTransaction(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(faults));

        // If the event were saved in another transaction, the page would be there after the failure.
        await wiki.InScopeAsync(
            async scope =>
            {
                var id = scope.Add(1);
                var second = scope.Publish(1);
                faults.BeforeCommit = 1;
                await Should.ThrowAsync<TransientException>(scope.SaveAsync);
                (await wiki.PagesAsync()).ShouldBeEmpty();
                (await wiki.RowsAsync()).ShouldBeEmpty();

                await scope.SaveAsync();
                (await wiki.PagesAsync()).ShouldBe([1]);
                (await wiki.RowsAsync()).ShouldBe([[id, second]]);

                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id, second]]);
                scope.Context.Database.AutoTransactionBehavior.ShouldBe(AutoTransactionBehavior.WhenNeeded);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task EventsWithoutChange_AreSaved(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                var id = scope.Publish();
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task SaveChangesThatFailed_NoErrorAtTheEnd(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                scope.Add(1);
                await scope.SaveAsync();
            },
            isAsync);
        await wiki.InScopeAsync(
            async scope =>
            {
                scope.Add(1);
                await Should.ThrowAsync<DbUpdateException>(scope.SaveAsync);
                scope.Context.Database.AutoTransactionBehavior.ShouldBe(AutoTransactionBehavior.WhenNeeded);
            },
            isAsync);
        (await wiki.RowsAsync()).Count.ShouldBe(1);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task ConcurrencyException_EventsStayForNextTry(OutboxDatabaseKind kind, bool isAsync)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database);
        await wiki.InScopeAsync(
            async scope =>
            {
                var added = scope.Add(1);
                await scope.SaveAsync();
                await database.ExecuteAsync("""UPDATE "Pages" SET "Version" = 2""");
                var page = scope.Context.Pages.Local.Single();
                page.Version = 3;
                var changed = scope.Publish();
                var exception = await Should.ThrowAsync<DbUpdateConcurrencyException>(scope.SaveAsync);
                scope.Context.Database.AutoTransactionBehavior.ShouldBe(AutoTransactionBehavior.WhenNeeded);
                (await wiki.RowsAsync()).ShouldBe([[added]]);

                exception.Entries.Single().OriginalValues[nameof(Page.Version)] = 2;
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[added], [changed]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task CanceledSaveChanges_NoErrorAtTheEnd(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(faults));
        await wiki.InScopeAsync(
            async scope =>
            {
                scope.Add(1);
                faults.Cancels = true;
                await Should.ThrowAsync<OperationCanceledException>(scope.SaveAsync);
                scope.Context.Database.AutoTransactionBehavior.ShouldBe(AutoTransactionBehavior.WhenNeeded);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task DiscardAfterFailure_EventsAreForgotten(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(faults));
        await wiki.InScopeAsync(
            async scope =>
            {
                scope.Add(1);
                faults.BeforeCommit = 1;
                await Should.ThrowAsync<TransientException>(scope.SaveAsync);
                scope.Context.ChangeTracker.Clear();
                scope.Outbox.Discard();
                var id = scope.Add(2);
                await scope.SaveAsync();
                (await wiki.PagesAsync()).ShouldBe([2]);
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task InterceptorThatPublishes_SameTransaction(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        var publishing = new PublishingInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(
            database, options => options.AddInterceptors(publishing, faults));
        await wiki.InScopeAsync(
            async scope =>
            {
                publishing.Scope = scope;
                scope.Context.Pages.Add(new Page { Id = 1 });
                faults.BeforeCommit = 1;
                await Should.ThrowAsync<TransientException>(scope.SaveAsync);
                (await wiki.PagesAsync()).ShouldBeEmpty();
                await scope.SaveAsync();
                (await wiki.PagesAsync()).ShouldBe([1]);
                (await wiki.RowsAsync()).ShouldHaveSingleItem().Count.ShouldBe(2);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task ContextWithoutAutomaticTransactions_HasOneForEvents(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(faults));
        await wiki.InScopeAsync(
            async scope =>
            {
                scope.Context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
                scope.Add(1);
                faults.BeforeCommit = 1;
                await Should.ThrowAsync<TransientException>(scope.SaveAsync);
                (await wiki.PagesAsync()).ShouldBeEmpty();
                scope.Context.Database.AutoTransactionBehavior.ShouldBe(AutoTransactionBehavior.Never);
            },
            isAsync);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task SuppressedSaveChanges_SavesNoEvents(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(faults));
        await wiki.InScopeAsync(
            async scope =>
            {
                var id = scope.Add(1);
                faults.Suppresses = true;
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBeEmpty();
                faults.Suppresses = false;
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
            },
            isAsync);
    }
}
