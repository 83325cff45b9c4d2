// A wiki in a SQLite file. Its events are committed with its changes, so none of them is lost while the bus is away.
// docs/producer.md explains the outbox and appsettings.json.
using WikiBus.Events.MediaWiki;
using WikiBus.Producer;

// 1. Register the database, the producer with its outbox, the handler of jobs, and the wiki itself.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<DbDataSource>(
    SqliteFactory.Instance.CreateDataSource(builder.Configuration.GetConnectionString("Wiki")!));
builder.Services.AddWikiBusProducer(builder.Configuration.GetSection("WikiBus"))
    .AddWikiBusOutbox(OutboxDatabaseKind.Sqlite, services => services.GetRequiredService<DbDataSource>())
    .AddJobHandler<RefreshLinks>("refreshLinks").AddScoped<Wiki>();
builder.Services.AddHealthChecks().AddWikiBusOutbox();

// 2. Make the wiki's tables. The outbox makes its own when the host starts.
var app = builder.Build();
await StoredPage.CreateTablesAsync(app.Services.GetRequiredService<DbDataSource>());

// 3. Map the actions of the wiki, and let a job queue run its jobs.
app.MapGroup("/rest.php").MapRunJob();
app.MapHealthChecks("/health");
var page = app.MapGroup("/wiki/{title:maxlength(100)}");
page.MapGet("", (string title, Wiki wiki) => wiki.ReadAsync(title));
page.MapPut("", (string title, HttpRequest request, Wiki wiki) => wiki.SaveAsync(title, request.Body));
page.MapPost("/move/{to:maxlength(100)}", (string title, string to, Wiki wiki) => wiki.MoveAsync(title, to));
page.MapDelete("", (string title, Wiki wiki) => wiki.DeleteAsync(title));
app.Run();

/// <summary>What users do. Each action is one transaction with the change, its events, its job and purges.</summary>
internal sealed class Wiki(DbDataSource source, IOutbox outbox, TimeProvider time, IOptions<ProducerOptions> options,
    IWikiEventPublisher publisher, ICdnPurger purger, IJobQueue jobs)
{
    public static readonly WikiUser Alice = new() { Id = 1, Name = "Alice", Groups = ["*", "user"] };
    private readonly MediaWikiEvents _events = publisher.Events;

    public async Task<IResult> ReadAsync(string title)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await StoredPage.FindAsync(connection, title) is { } page ? Results.Text(page.Text) : Results.NotFound();
    }

    public async Task<IResult> SaveAsync(string title, Stream body)
    {
        var text = await new StreamReader(body).ReadToEndAsync();
        return await ChangeAsync(async connection =>
        {
            var old = await StoredPage.FindAsync(connection, title);
            var now = await StoredPage.ReviseAsync(connection, title, old, text, time.GetUtcNow());
            var (before, after) = (old?.Revision, now.Revision);
            MediaWikiEvent[] events = before is null
                ? [_events.PageCreate(NewContext(), after), _events.RecentChange(NewContext(), new RecentCreation
                    { Title = title, UserName = "Alice", Length = after.Size, RevisionId = after.Id }),
                    _events.PageChangeCreate(NewContext(), after, Alice)]
                : [_events.RecentChange(NewContext(), new RecentEdit
                    { Title = title, UserName = "Alice", OldLength = before.Size, NewLength = after.Size,
                      OldRevisionId = before.Id, NewRevisionId = after.Id }),
                    _events.PageChangeEdit(NewContext(), after, Alice, before)];
            publisher.Publish([_events.RevisionCreate(NewContext(), after, before?.Sha1), .. events]);

            // The work that can wait is a job. A job queue sends it back to the wiki, which runs RefreshLinks.
            var parameters = new { @namespace = 0, title, requestId = NewContext().RequestId };
            await jobs.PushAsync(new WikiJob
                { Type = "refreshLinks", Parameters = JsonSerializer.SerializeToElement(parameters) });
            return await PurgeAsync(title);
        });
    }

    public Task<IResult> MoveAsync(string title, string to) => ChangeAsync(async connection =>
    {
        var old = await StoredPage.FindAsync(connection, title);
        if (old is null || await StoredPage.FindAsync(connection, to) is not null)
        {
            return Results.Conflict();
        }

        var now = await StoredPage.ReviseAsync(connection, to, old, old.Text, time.GetUtcNow());
        var (before, after) = (old.Revision, now.Revision);
        publisher.Publish([_events.RevisionCreate(NewContext(), after, before.Sha1),
            _events.PageMove(NewContext(), new PageMove
                { Before = before.Page, After = after.Page, RevisionId = after.Id, ParentId = before.Id }, Alice),
            _events.PageChangeMove(NewContext(), after, Alice, reason: "", before)]);
        return await PurgeAsync(title, to);
    });

    public Task<IResult> DeleteAsync(string title) => ChangeAsync(async connection =>
    {
        if (await StoredPage.FindAsync(connection, title) is not { Revision: var revision })
        {
            return Results.NotFound();
        }

        const string Delete = "DELETE FROM pages WHERE id = @id";
        await StoredPage.Command(connection, Delete, ("@id", revision.Page.Id)).ExecuteNonQueryAsync();
        publisher.Publish([_events.PageDelete(NewContext(), revision.Page, revision.Id, Alice),
            _events.PageChangeDelete(NewContext(), revision, Alice, "", null)]);
        return await PurgeAsync(title);
    });

    public Task<IResult> AnnounceLinksAsync(string title) => ChangeAsync(async connection =>
    {
        if (await StoredPage.FindAsync(connection, title) is { } page)
        {
            var titles = Regex.Matches(page.Text, @"\[\[([^]|\s][^]|]{0,99})[]|]", RegexOptions.NonBacktracking);
            publisher.Publish(_events.PageLinksChange(NewContext(), page.Revision.Page, page.Revision.Id,
                [.. titles.Select(title => PageLink.ToPage(title.Groups[1].Value))], removed: []));
        }

        return Results.NoContent();
    });

    // The commit also writes the events. An exception rolls back both. SQLite has one such transaction at a time.
    private async Task<IResult> ChangeAsync(Func<DbConnection, Task<IResult>> change)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await outbox.BeginTransactionAsync(connection);
        var result = await change(connection);
        await transaction.CommitAsync();
        return result;
    }

    private EventContext NewContext() => publisher.NewContext();

    private async Task<IResult> PurgeAsync(params string[] titles)
    {
        await purger.PurgeAsync(titles.Select(title =>
            $"{options.Value.Wiki.CanonicalServer}/wiki/{Uri.EscapeDataString(title)}"));
        return Results.NoContent();
    }
}

/// <summary>Runs the jobs that this wiki made: announces the links of a page.</summary>
internal sealed class RefreshLinks(Wiki wiki) : IJobHandler
{
    public async Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken)
    {
        await wiki.AnnounceLinksAsync(job.Parameters.GetProperty("title").GetString()!);
        return JobResult.Succeeded;
    }
}

/// <summary>The newest revision of a page, and its text. The tables have all revisions.</summary>
internal sealed record StoredPage(WikiRevision Revision, string Text)
{
    public static async Task CreateTablesAsync(DbDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await Command(connection, """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS pages (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT UNIQUE);
            CREATE TABLE IF NOT EXISTS revisions (id INTEGER PRIMARY KEY, page INTEGER, parent INTEGER,
                time TEXT, text TEXT);
            CREATE INDEX IF NOT EXISTS revisions_page ON revisions (page);
            """).ExecuteNonQueryAsync();
    }

    public static async Task<StoredPage?> FindAsync(DbConnection connection, string title)
    {
        await using var row = await Command(connection, """
            SELECT pages.id, revisions.id, parent, time, text FROM pages JOIN revisions ON page = pages.id
            WHERE title = @title ORDER BY revisions.id DESC LIMIT 1
            """, ("@title", title)).ExecuteReaderAsync();
        return !await row.ReadAsync() ? null : Create(row.GetInt64(0), title, row.GetInt64(1), row.GetInt64(2),
            row.GetFieldValue<DateTimeOffset>(3), row.GetString(4));
    }

    // The page's row comes first, as the rule for the order of events says.
    public static async Task<StoredPage> ReviseAsync(
        DbConnection connection, string title, StoredPage? old, string text, DateTimeOffset time)
    {
        var pageId = (long)(await Command(connection, """
            INSERT INTO pages (id, title) VALUES (@id, @title)
            ON CONFLICT (id) DO UPDATE SET title = excluded.title RETURNING id
            """, ("@id", old?.Revision.Page.Id), ("@title", title)).ExecuteScalarAsync())!;
        var parentId = old?.Revision.Id ?? 0;
        var id = (long)(await Command(connection, """
            INSERT INTO revisions (page, parent, time, text) VALUES (@page, @parent, @time, @text) RETURNING id
            """, ("@page", pageId), ("@parent", parentId), ("@time", time), ("@text", text)).ExecuteScalarAsync())!;
        return Create(pageId, title, id, parentId, time, text);
    }

    public static DbCommand Command(DbConnection connection, string text, params (string, object?)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddRange(Array.ConvertAll(values, value =>
            new SqliteParameter(value.Item1, value.Item2 ?? DBNull.Value)));
        return command;
    }

    private static StoredPage Create(long page, string title, long id, long parent, DateTimeOffset time, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var number = new BigInteger(SHA1.HashData(bytes), isUnsigned: true, isBigEndian: true);
        var sha1 = string.Concat(Enumerable.Range(0, 31).Select(index =>   // MediaWiki writes SHA-1 in base 36.
            "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(number / BigInteger.Pow(36, 30 - index) % 36)]));
        return new StoredPage(new WikiRevision { Id = id, Page = new WikiPage { Id = page, Title = title },
            ParentId = parent, Time = time, Author = Wiki.Alice, Sha1 = sha1, Size = bytes.Length,
            Slots = [new RevisionSlot { Sha1 = sha1, Size = bytes.Length }] }, text);
    }
}
