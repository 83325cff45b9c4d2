namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>
/// What events cost: counted statements. Each is a round trip, and COMMIT is one; Npgsql sends BEGIN with the statement
/// after it.
/// </summary>
public sealed class CostTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind, bool> Ways => EfWiki.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Transaction_OneStatementMoreWithEvents(OutboxDatabaseKind kind, bool isAsync)
    {
        var without = await CountAsync(kind, isAsync, events: 0, isExplicit: true);
        var with = await CountAsync(kind, isAsync, events: 10, isExplicit: true);
        with.ShouldBe([.. without[..^1], "INSERT INTO outbox", "COMMIT"]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task SaveChanges_OneStatementAndATransactionMoreWithEvents(OutboxDatabaseKind kind, bool isAsync)
    {
        var without = await CountAsync(kind, isAsync, events: 0, isExplicit: false);
        without.Length.ShouldBe(1);
        var with = await CountAsync(kind, isAsync, events: 10, isExplicit: false);
        with.ShouldBe(["BEGIN", .. without, "INSERT INTO outbox", "COMMIT"]);
    }

    private async Task<string[]> CountAsync(OutboxDatabaseKind kind, bool isAsync, int events, bool isExplicit)
    {
        var counting = new CountingInterceptor();
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await EfWiki.StartAsync(database, options => options.AddInterceptors(counting));
        counting.Clear();
        await wiki.InScopeAsync(
            async scope =>
            {
                await using var transaction = isExplicit ? await scope.BeginAsync() : null;
                scope.Context.Pages.Add(new Page { Id = 1 });
                for (var i = 0; i < events; i++)
                {
                    scope.Publish();
                }

                await scope.SaveAsync();
                if (isExplicit)
                {
                    await scope.CommitAsync();
                }
            },
            isAsync);
        return [.. counting.Done];
    }
}
