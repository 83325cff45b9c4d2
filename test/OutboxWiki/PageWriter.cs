using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer;

namespace OutboxWiki;

/// <summary>
/// Changes pages in transactions, some of which it rolls back. Each event has a label with page, revision, attempt and
/// number. The same transaction writes into <c>change</c> how many events it has, so a test can compare.
/// </summary>
internal sealed class PageWriter(IServiceProvider services, Random random)
{
    private const int PageCount = 16;
    private const int NumberThatIsRolledBack = 99;
    private static readonly string s_sha1 = new('0', 31);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Changes pages until it is stopped. It survives the end of the database.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                await using var connection = await services.GetRequiredService<DbDataSource>()
                    .OpenConnectionAsync(CancellationToken.None);
                var isCommitted = random.Next(2) == 0
                    ? await ChangeAsync(scope.ServiceProvider, connection)
                    : await ChangeInOwnTransactionAsync(scope.ServiceProvider, connection);
                if (isCommitted)
                {
                    await Console.Out.WriteLineAsync("committed");
                }
            }
            catch (DbException exception)
            {
                await Console.Error.WriteLineAsync($"A change failed: {exception.Message}");
                await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    // In a transaction of the outbox, with a savepoint that it rolls back to.
    private async Task<bool> ChangeAsync(IServiceProvider scope, DbConnection connection)
    {
        var outbox = scope.GetRequiredService<IOutbox>();
        await using var transaction = await outbox.BeginTransactionAsync(connection);
        var pages = NextPages();
        foreach (var page in pages)
        {
            await ChangePageAsync(scope, connection, transaction.Transaction, page);
        }

        if (random.Next(4) == 0)
        {
            await transaction.SaveAsync("before");
            await PublishAsync(scope, pages[0], 1, NextAttempt(), NumberThatIsRolledBack);
            await transaction.RollbackAsync("before");
        }

        switch (random.Next(8))
        {
            case 0:
                await transaction.RollbackAsync();
                return false;
            case 1:
                // Disposing rolls back.
                return false;
            default:
                await transaction.CommitAsync();
                return true;
        }
    }

    // In a transaction of the wiki, which it may roll back after the events were saved.
    private async Task<bool> ChangeInOwnTransactionAsync(IServiceProvider scope, DbConnection connection)
    {
        var outbox = scope.GetRequiredService<IOutbox>();
        await using var transaction = await connection.BeginTransactionAsync();
        outbox.Enlist(transaction);
        try
        {
            foreach (var page in NextPages())
            {
                await ChangePageAsync(scope, connection, transaction, page);
            }

            await outbox.SaveAsync(connection, transaction);
            if (random.Next(4) == 0)
            {
                await transaction.RollbackAsync();
                return false;
            }

            await transaction.CommitAsync();
            return true;
        }
        catch (DbException)
        {
            outbox.Discard();
            throw;
        }
    }

    // One or two pages, in the order of their ids, so that writers do not wait for each other in a circle.
    private List<long> NextPages() =>
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => (long)random.Next(1, PageCount + 1)).Distinct().Order()];

    private async Task ChangePageAsync(
        IServiceProvider scope, DbConnection connection, DbTransaction transaction, long page)
    {
        await using var update = connection.CreateCommand();
        update.Transaction = transaction;
        update.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"UPDATE page SET revision = revision + 1 WHERE id = {page} RETURNING revision");
        var revision = Convert.ToInt64(await update.ExecuteScalarAsync(), CultureInfo.InvariantCulture);

        var (attempt, count) = (NextAttempt(), random.Next(1, 6));
        for (var number = 0; number < count; number++)
        {
            await PublishAsync(scope, page, revision, attempt, number);
        }

        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"INSERT INTO change (page, revision, attempt, events) VALUES ({page}, {revision}, '{attempt}', {count})");
        await insert.ExecuteNonQueryAsync();
    }

    private async Task PublishAsync(IServiceProvider scope, long page, long revision, string attempt, int number)
    {
        var publisher = scope.GetRequiredService<IWikiEventPublisher>();
        var label = string.Create(CultureInfo.InvariantCulture, $"change-{page}-{revision}-{attempt}-{number}");
        switch (random.Next(4))
        {
            case 0:
                await scope.GetRequiredService<ICdnPurger>().PurgeAsync([$"https://wiki.example.org/wiki/{label}"]);
                break;
            case 1:
                await scope.GetRequiredService<IJobQueue>().PushAsync(new WikiJob
                {
                    Type = "refreshLinks", Parameters = JsonSerializer.SerializeToElement(new { label }),
                });
                break;
            case 2:
                publisher.Publish(publisher.Events.NullEdit(
                    publisher.NewContext(), new WikiPage { Id = page, Title = label }));
                break;
            default:
                publisher.Publish(publisher.Events.RevisionCreate(
                    publisher.NewContext(), Revision(page, revision, label)));
                break;
        }
    }

    // Some events are so large that a request has only a few.
    private WikiRevision Revision(long page, long revision, string label) => new()
    {
        Id = revision,
        Page = new WikiPage { Id = page, Title = "Page" },
        Time = TimeProvider.System.GetUtcNow(),
        Sha1 = s_sha1,
        Size = 0,
        Comment = new WikiComment(label + new string('.', random.Next(10) == 0 ? random.Next(100_000) : 0)),
        Slots = [new RevisionSlot { Sha1 = s_sha1, Size = 0 }],
    };

    private static string NextAttempt() => Guid.NewGuid().ToString("N");
}
