using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>Execution strategies that retry.</summary>
public sealed class RetryTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind, bool> Ways => EfWiki.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RetriedBlock_PublishesOnce(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await StartAsync(database, faults);
        faults.BeforeCommit = 2;
        await wiki.InScopeAsync(
            async scope =>
            {
                List<Guid> ids = [];
                await scope.ExecuteAsync(async () =>
                {
                    scope.Context.ChangeTracker.Clear();
                    await using var transaction = await scope.BeginAsync();
                    ids.Add(scope.Add(1));
                    await scope.SaveAsync();
                    await scope.CommitAsync();
                });
                ids.Count.ShouldBe(3);
                (await wiki.RowsAsync()).ShouldBe([[ids[2]]]);
                (await wiki.PagesAsync()).ShouldBe([1]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task BlockThatFailedBeforeAndAfterItsCommit_PublishesOnce(OutboxDatabaseKind kind)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await StartAsync(database, faults);
        faults.BeforeCommit = 1;
        faults.AfterCommit = 1;
        await wiki.InScopeAsync(async scope =>
        {
            List<Guid> ids = [];
            await scope.Context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
                async cancellation =>
                {
                    scope.Context.ChangeTracker.Clear();
                    ids.Add(scope.Add(1));
                    await scope.Context.SaveChangesAsync(cancellation);
                },
                cancellation => scope.Context.Pages.AnyAsync(page => page.Id == 1, cancellation),
                TestTime.Token());
            ids.Count.ShouldBe(2);
            (await wiki.RowsAsync()).ShouldBe([[ids[1]]]);

            var later = scope.Publish();
            await scope.SaveAsync();
            (await wiki.RowsAsync()).ShouldBe([[ids[1]], [later]]);
        });
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RetriedSaveChanges_WritesTheSameEvent(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await StartAsync(database, faults);
        faults.BeforeCommit = 2;
        await wiki.InScopeAsync(
            async scope =>
            {
                var id = scope.Add(1);
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
                (await wiki.PagesAsync()).ShouldBe([1]);

                faults.BeforeCommit = 2;
                var alone = scope.Publish();
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[id], [alone]]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task EventFromBeforeTheBlock_GoesWithTheAttemptThatIsCommitted(OutboxDatabaseKind kind, bool isAsync)
    {
        var faults = new FaultInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await StartAsync(database, faults);
        faults.BeforeCommit = 1;
        await wiki.InScopeAsync(
            async scope =>
            {
                var id = scope.Add(1);
                await scope.ExecuteAsync(async () =>
                {
                    await using var transaction = await scope.BeginAsync();
                    scope.Context.SaveChanges(acceptAllChangesOnSuccess: false);
                    await scope.CommitAsync();
                });
                scope.Context.ChangeTracker.AcceptAllChanges();
                (await wiki.RowsAsync()).ShouldBe([[id]]);
                (await wiki.PagesAsync()).ShouldBe([1]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionThatIsKilled_RetriedBlockPublishesOnce(bool isAsync)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.PostgreSql);
        await using var wiki = await EfWiki.StartAsync(database, options => options.UseNpgsql(
            database.ConnectionString,
            npgsql => npgsql.EnableRetryOnFailure(3, TimeSpan.FromMilliseconds(1), errorCodesToAdd: null)));
        await wiki.InScopeAsync(
            async scope =>
            {
                List<Guid> ids = [];
                await scope.ExecuteAsync(async () =>
                {
                    scope.Context.ChangeTracker.Clear();
                    await using var transaction = await scope.BeginAsync();
                    ids.Add(scope.Add(1));
                    await scope.SaveAsync();
                    if (ids.Count == 1)
                    {
                        await KillAsync(database, scope);
                    }

                    await scope.CommitAsync();
                });
                ids.Count.ShouldBe(2);
                (await wiki.RowsAsync()).ShouldBe([[ids[1]]]);

                // The pool does not know yet that this connection is dead.
                await scope.Context.Database.OpenConnectionAsync(TestTime.Token());
                await KillAsync(database, scope);
                await scope.Context.Database.CloseConnectionAsync();
                var later = scope.Add(2);
                await scope.SaveAsync();
                (await wiki.RowsAsync()).ShouldBe([[ids[1]], [later]]);
                (await wiki.PagesAsync()).ShouldBe([1, 2]);
            },
            isAsync);
        wiki.Losses().ShouldBe("0 0");
    }

    private static Task<EfWiki> StartAsync(OutboxTestDatabase database, FaultInterceptor faults) =>
        EfWiki.StartAsync(database, options =>
        {
            options.AddInterceptors(faults);
            if (database.Kind == OutboxDatabaseKind.Sqlite)
            {
                options.UseSqlite(
                    database.ConnectionString, sqlite => sqlite.ExecutionStrategy(NewStrategy));
            }
            else
            {
                options.UseNpgsql(
                    database.ConnectionString, npgsql => npgsql.ExecutionStrategy(NewStrategy));
            }
        });

    private static TransientRetries NewStrategy(ExecutionStrategyDependencies dependencies) => new(dependencies);

    private static async Task KillAsync(OutboxTestDatabase database, EfScope scope)
    {
        var connection = (Npgsql.NpgsqlConnection)scope.Context.Database.GetDbConnection();
        (await database.ScalarAsync($"SELECT pg_terminate_backend({connection.ProcessID}, 10000)")).ShouldBe(true);
    }
}
