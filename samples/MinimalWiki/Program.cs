// A wiki in memory that announces each change to WikiBus. docs/producer.md explains appsettings.json.
using WikiBus.Events.Deki;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer;
using PageStore = System.Collections.Concurrent.ConcurrentDictionary<string, StoredPage>;

// 1. Register the producer, the handler of jobs, and the wiki itself. Deki's events are sent if they have an address.
var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.GetSection("WikiBus");
builder.Services.AddWikiBusProducer(settings).AddJobHandler<RefreshLinks>("refreshLinks");
builder.Services.AddSingleton<PageStore>().AddScoped<Wiki>();
if (settings["Deki:PublishUri"] is not null)
{
    builder.Services.AddWikiBusDeki();
}

// A wiki may also listen to others: the pub/sub service then delivers their page events to /events.
var subscription = builder.Configuration.GetSection("DekiSubscription");
if (subscription["SubscribersUri"] is not null)
{
    builder.Services.AddDekiSubscription(subscription.Bind);
}

// 2. Flush the events of each request when its response has ended. Let a job queue run the wiki's jobs.
var app = builder.Build();
app.UseWikiBusProducer();
app.MapGroup("/rest.php").MapRunJob();
if (subscription["SubscribersUri"] is not null)
{
    app.MapDekiRecipient("/events", (delivery, _, _) =>
    {
        app.Logger.LogInformation("Event {Id} on {Channel}", delivery.EventId, delivery.Channel);
        return Task.CompletedTask;
    }, new DekiRecipientOptions { Secret = subscription["RecipientSecret"] });
}

// 3. Map the actions of the wiki. Events have "_" for a blank, so titles have none.
const string Title = @"regex(^\S[^_]*$):maxlength(100)";
var page = app.MapGroup($"/wiki/{{title:{Title}}}");
page.MapGet("", (string title, PageStore pages) =>
    pages.TryGetValue(title, out var found) ? Results.Text(found.Text) : Results.NotFound());
page.MapPut("", (string title, HttpRequest request, Wiki wiki) => wiki.SaveAsync(title, request.Body));
page.MapPost($"/move/{{to:{Title}}}", (string title, string to, Wiki wiki) => wiki.MoveAsync(title, to));
page.MapDelete("", (string title, Wiki wiki) => wiki.DeleteAsync(title));
app.Run();

/// <summary>The newest revision of a page, and its text.</summary>
internal sealed record StoredPage(WikiRevision Revision, string Text);

/// <summary>What users do. Each action commits its change first, and then announces it in both dialects.</summary>
internal sealed class Wiki(PageStore pages, TimeProvider time, IOptions<ProducerOptions> options,
    IWikiEventPublisher publisher, ICdnPurger purger, IJobQueue jobs, IDekiEventPublisher? deki = null)
{
    private static readonly WikiUser s_alice = new() { Id = 1, Name = "Alice", Groups = ["*", "user"] };
    private static readonly DekiUser s_dekiAlice = new() { Id = 1, Name = "Alice" };
    private static long s_lastId;
    private readonly MediaWikiEvents _events = publisher.Events;

    public async Task<IResult> SaveAsync(string title, Stream body)
    {
        var old = pages.GetValueOrDefault(title);
        var now = Revise(title, old, await new StreamReader(body).ReadToEndAsync());
        if (!(old is null ? pages.TryAdd(title, now) : pages.TryUpdate(title, now, old)))
        {
            return Results.Conflict();
        }

        var (before, after) = (old?.Revision, now.Revision);
        if (before is null)
        {
            publisher.Publish([_events.RevisionCreate(NewContext(), after), _events.PageCreate(NewContext(), after),
                _events.RecentChange(NewContext(), new RecentCreation
                    { Title = title, UserName = "Alice", Length = after.Size, RevisionId = after.Id }),
                .. IfCurrent(() => _events.PageChangeCreate(NewContext(), after, s_alice))]);
            deki?.Publish(deki.Events.PageCreated(ToDeki(after), s_dekiAlice));
        }
        else
        {
            publisher.Publish([_events.RevisionCreate(NewContext(), after, before.Sha1),
                _events.RecentChange(NewContext(), new RecentEdit
                    { Title = title, UserName = "Alice", OldLength = before.Size, NewLength = after.Size,
                      OldRevisionId = before.Id, NewRevisionId = after.Id }),
                .. IfCurrent(() => _events.PageChangeEdit(NewContext(), after, s_alice, before))]);
            deki?.Publish(deki.Events.PageUpdated(ToDeki(after), s_dekiAlice));
        }

        // The work that can wait is a job. A job queue sends it back to the wiki, which runs RefreshLinks.
        var job = JsonSerializer.SerializeToElement(new { @namespace = 0, title, requestId = NewContext().RequestId });
        await jobs.PushAsync(new WikiJob { Type = "refreshLinks", Parameters = job });
        return await PurgeAsync(title);
    }

    public Task<IResult> MoveAsync(string title, string to)
    {
        if (pages.ContainsKey(to) || !pages.TryRemove(title, out var old))
        {
            return Task.FromResult(Results.Conflict());
        }

        var now = pages[to] = Revise(to, old, old.Text);
        var (before, after) = (old.Revision, now.Revision);
        publisher.Publish([_events.RevisionCreate(NewContext(), after, before.Sha1),
            _events.PageMove(NewContext(), new PageMove
                { Before = before.Page, After = after.Page, RevisionId = after.Id, ParentId = before.Id }, s_alice),
            .. IfCurrent(() => _events.PageChangeMove(NewContext(), after, s_alice, reason: "", before))]);
        deki?.Publish(deki.Events.PageMoved(ToDeki(before), ToDeki(after), s_dekiAlice));
        return PurgeAsync(title, to);
    }

    public Task<IResult> DeleteAsync(string title)
    {
        if (!pages.TryRemove(title, out var old))
        {
            return Task.FromResult(Results.NotFound());
        }

        publisher.Publish([_events.PageDelete(NewContext(), old.Revision.Page, old.Revision.Id, s_alice),
            .. IfCurrent(() => _events.PageChangeDelete(NewContext(), old.Revision, s_alice, "", null))]);
        deki?.Publish(deki.Events.PageDeleted(ToDeki(old.Revision), s_dekiAlice));
        return PurgeAsync(title);
    }

    private EventContext NewContext() => publisher.NewContext();

    private IEnumerable<MediaWikiEvent> IfCurrent(Func<MediaWikiEvent> build) =>
        options.Value.Generation == EventGeneration.Current ? [build()] : [];   // Rel139 has no page_change.

    private async Task<IResult> PurgeAsync(params string[] titles)
    {
        await purger.PurgeAsync(titles.Select(title =>
            $"{options.Value.Wiki.CanonicalServer}/wiki/{Uri.EscapeDataString(title)}"));
        return Results.NoContent();
    }

    private static DekiPage ToDeki(WikiRevision revision) =>
        new() { Id = revision.Page.Id, Title = revision.Page.Title, Revision = revision.Id };

    private StoredPage Revise(string title, StoredPage? old, string text)
    {
        var page = old?.Revision.Page ?? new WikiPage { Id = Interlocked.Increment(ref s_lastId), Title = title };
        var bytes = Encoding.UTF8.GetBytes(text);
        var number = new BigInteger(SHA1.HashData(bytes), isUnsigned: true, isBigEndian: true);
        var sha1 = string.Concat(Enumerable.Range(0, 31).Select(index =>   // MediaWiki writes SHA-1 in base 36.
            "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(number / BigInteger.Pow(36, 30 - index) % 36)]));
        var revision = new WikiRevision { Id = Interlocked.Increment(ref s_lastId), Page = page with { Title = title },
            ParentId = old?.Revision.Id ?? 0, Time = time.GetUtcNow(), Author = s_alice, Sha1 = sha1,
            Size = bytes.Length, Slots = [new RevisionSlot { Sha1 = sha1, Size = bytes.Length }] };
        return new StoredPage(revision, text);
    }
}

/// <summary>Runs the jobs that this wiki made: announces the links of a page.</summary>
internal sealed class RefreshLinks(PageStore pages, IWikiEventPublisher publisher) : IJobHandler
{
    public Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken)
    {
        if (pages.TryGetValue(job.Parameters.GetProperty("title").GetString()!, out var page))
        {
            var titles = Regex.Matches(page.Text, @"\[\[([^]|\s][^]|]{0,99})[]|]", RegexOptions.NonBacktracking);
            publisher.Publish(publisher.Events.PageLinksChange(publisher.NewContext(), page.Revision.Page,
                page.Revision.Id, [.. titles.Select(title => PageLink.ToPage(title.Groups[1].Value))], removed: []));
        }

        return Task.FromResult(JobResult.Succeeded);
    }
}
