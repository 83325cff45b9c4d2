using System.Text;
using System.Text.Json;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>Inputs of jobs, recent changes, and changes of pages and users; an event of each kind.</summary>
internal static class ChangeSamples
{
    public static readonly DateTimeOffset Time = StateSamples.Time;

    public static readonly EventContext Context = StateSamples.Context;

    public static readonly WikiSite Site = StateSamples.Site;

    public static readonly WikiSite OtherSite = Site with
    {
        Database = "otherwiki",
        ServerName = "other.example.org",
        CanonicalServer = "https://other.example.org",
    };

    public static readonly WikiUser Alice = new()
    {
        Id = 3,
        Name = "Alice A",
        Groups = ["*", "user"],
        IsBot = true,
        Registration = Time.AddYears(-1),
        FirstRegistration = Time.AddYears(-2),
        FirstEdit = Time.AddMonths(-11),
        EditCount = 12,
        CentralId = 33,
        GlobalEditCount = 15,
    };

    public static readonly WikiUser Steward = new() { Id = 1, Name = "Steward", Groups = ["*", "user", "steward"] };

    public static readonly WikiUser Visitor = new()
    {
        Name = "192.0.2.7",
        Groups = ["*"],
        IsBot = true,
        FirstEdit = Time,
        EditCount = 9,
    };

    public static readonly WikiPage Page = new() { Id = 7, Title = "Ünï code?" };

    public static readonly WikiPage Redirect = Page with
    {
        IsRedirect = true,
        WikibaseItemId = "Q5",
        RedirectTarget = new RedirectTarget { Title = "Talk:Other", Namespace = 1, PageId = 8, WikibaseItemId = "Q6" },
    };

    public static readonly RevisionSlot Main = new() { Sha1 = "aaa", Size = 10, OriginRevisionId = 42 };

    public static readonly WikiRevision Revision = new()
    {
        Id = 42,
        Page = Page,
        ParentId = 41,
        Time = Time,
        Sha1 = "ccc",
        Size = 15,
        IsMinor = true,
        Author = Alice,
        Comment = new WikiComment("a <b>", "a &lt;b&gt;"),
        Slots =
        [
            Main,
            new RevisionSlot { Role = "extra", ContentModel = "x", ContentFormat = null, Sha1 = "b", Size = 5 },
        ],
    };

    public static readonly WikiRevision Parent = new()
    {
        Id = 41,
        Page = Page,
        ParentId = 0,
        Time = Time.AddDays(-1),
        Sha1 = "bbb",
        Size = 9,
        Author = Visitor,
        Slots = [Main with { OriginRevisionId = null }],
    };

    public static readonly WikiJob Job = new()
    {
        Type = "refreshLinks",
        Parameters = JsonElement.Parse("""{"namespace":0,"title":"Foo","b":true,"n":null,"f":1.5,"l":["x"]}"""),
    };

    public static readonly RecentEdit Edit = new()
    {
        Id = 99,
        Namespace = 1,
        Title = "Talk:Ünï_code?",
        UserName = "Alice A",
        Comment = new WikiComment("a <b>", "a &lt;b&gt;"),
        OldLength = 9,
        NewLength = 15,
        OldRevisionId = 41,
        NewRevisionId = 42,
    };

    public static readonly RecentCreation Creation = new()
    {
        Id = 99,
        Title = "A",
        UserName = "192.0.2.7",
        IsMinor = true,
        IsPatrolled = true,
        Length = 9,
        RevisionId = 41,
    };

    public static readonly RecentLogEntry LogEntry = new()
    {
        Title = "A",
        UserName = "Alice A",
        IsBot = true,
        LogId = 5,
        LogType = "move",
        LogAction = "move_redir",
        Parameters = JsonElement.Parse("""{"4::target":"B","5::noredir":"0"}"""),
        ActionComment = "moved [[A]] to [[B]]",
    };

    public static readonly RecentCategorization Categorization = new()
    {
        Id = 99,
        Namespace = 14,
        Title = "Category:C",
        UserName = "Alice A",
        OldRevisionId = 41,
        NewRevisionId = 42,
    };

    public static readonly RecentExternalChange ExternalChange = new()
    {
        Id = 99,
        Title = "A",
        UserName = "Alice A",
        OldRevisionId = 42,
        NewRevisionId = 42,
    };

    public static readonly MediaWikiEvents Builders = new(Site);

    /// <summary>Events of every kind of job and change, as EventBus main has them.</summary>
    public static IEnumerable<MediaWikiEvent> All()
    {
        yield return Builders.Job(Context, Job);
        yield return Builders.Job(
            Context,
            Job with { ReleaseTime = Time, Root = new RootJob("s", Time), Deduplication = new JobDeduplication() },
            "secret"u8.ToArray());
        yield return Builders.RecentChange(Context, Edit);
        yield return Builders.RecentChange(Context, Creation);
        yield return Builders.RecentChange(Context, LogEntry);
        yield return Builders.RecentChange(Context, LogEntry with { Parameters = null, ActionComment = null });
        yield return Builders.RecentChange(Context, Categorization);
        yield return Builders.RecentChange(Context, ExternalChange);
        yield return Builders.PageChangeCreate(Context, Parent, Visitor);
        yield return Builders.PageChangeCreate(Context, Parent with { Page = Redirect }, performer: null);
        yield return Builders.PageChangeEdit(Context, Revision, Alice, Parent, new WikiRevert());
        yield return Builders.PageChangeEdit(Context, Revision, Alice with { HomeWiki = OtherSite }, parent: null);
        yield return Builders.PageChangeMove(
            Context, Revision, Alice, "", Parent with { Page = Page with { Title = "Old" } }, Redirect with { Id = 8 });
        yield return Builders.PageChangeMove(Context, Revision, Alice, "", Parent);
        yield return Builders.PageChangeDelete(Context, Revision with { Page = Redirect }, Alice, "spam", 2);
        yield return Builders.PageChangeDelete(
            Context, Revision, Alice, "spam", revisionCount: null, isSuppressed: true);
        yield return Builders.PageChangeUndelete(Context, Revision with { Page = Redirect }, Alice, "needed", 6);
        yield return Builders.PageChangeUndelete(Context, Revision, Alice, "", Page.Id);
        yield return Builders.PageChangeVisibility(
            Context, Revision, Alice, RevisionParts.Text | RevisionParts.Restricted);
        yield return Builders.PageChangeVisibility(Context, Revision, Alice, RevisionParts.None);
        yield return Builders.UserChangeCreate(Context, Alice, Alice);
        yield return Builders.UserChangeCreate(Context, Steward, performer: null, isAutomatic: true);
        yield return Builders.UserChangeRename(Context, Alice, "Alicia", Steward, "");
        yield return Builders.UserChangeGroups(Context, Alice with { HomeWiki = OtherSite }, [], Steward, "trusted");
        yield return Builders.UserChangeGroups(Context, Alice, ["*"], performer: null);
    }

    public static string TextOf(MediaWikiEvent built) => Encoding.UTF8.GetString(built.Json.Span);

    /// <summary>Removes the line breaks of an expected text.</summary>
    public static string Line(string text) => text.Replace("\n", "", StringComparison.Ordinal);

    /// <summary>A member of the event, as <c>page.page_id</c>, as JSON; null if it is not there.</summary>
    public static string? Member(MediaWikiEvent built, string path)
    {
        var value = JsonElement.Parse(built.Json.Span);
        foreach (var name in path.Split('.'))
        {
            if (!value.TryGetProperty(name, out value))
            {
                return null;
            }
        }

        return value.GetRawText();
    }
}
