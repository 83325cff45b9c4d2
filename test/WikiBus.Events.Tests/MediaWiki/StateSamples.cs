using System.Text;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>Inputs of state events, and an event of each kind with many and with few members.</summary>
internal static class StateSamples
{
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 4, 4, 5, 678, TimeSpan.FromHours(1));

    public static readonly EventContext Context =
        new(Guid.Parse("B14A2EE4-F5DF-40F3-B995-CE6C954E29E3"), "r1", Time);

    public static readonly WikiSite Site = new()
    {
        Database = "examplewiki",
        ServerName = "wiki.example.org",
        CanonicalServer = "https://wiki.example.org",
        UserNamespace = "Benutzer",
    };

    public static readonly WikiUser Alice = new()
    {
        Id = 3,
        Name = "Alice",
        Groups = ["*", "user"],
        IsBot = true,
        Registration = Time.AddYears(-1),
        EditCount = 12,
    };

    public static readonly WikiUser Visitor = new() { Name = "192.0.2.7", Groups = ["*"], IsBot = true, EditCount = 9 };

    public static readonly WikiPage Page = new() { Id = 7, Namespace = 1, Title = "Talk:Ünï code?", IsRedirect = true };

    public static readonly WikiComment Reason = new("a <b>", "a &lt;b&gt;");

    public static readonly RevisionSlot Main = new() { Sha1 = "aaa", Size = 10, OriginRevisionId = 40 };

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
        Comment = Reason,
        Slots = [Main, new RevisionSlot { Role = "extra", ContentModel = "json", Sha1 = "bbb", Size = 5 }],
    };

    public static readonly WikiRevision PlainRevision = new()
    {
        Id = 1,
        Page = new WikiPage { Id = 1, Title = "A" },
        Time = Time,
        Sha1 = "aaa",
        Size = 0,
        Slots = [Main with { ContentFormat = null, OriginRevisionId = null }],
    };

    public static readonly PageMove Move = new()
    {
        Before = Page with { Namespace = 0, Title = "Old title" },
        After = Page,
        RevisionId = 42,
        ParentId = 41,
        Redirect = new RedirectLeft(8, 43),
    };

    public static readonly UserBlock PartialBlock = new()
    {
        IsSitewide = false,
        Restrictions = [BlockRestriction.OfPage(7), BlockRestriction.OfNamespace(4)],
        Expiry = Time,
    };

    public static MediaWikiEvents EventsOf(EventGeneration generation) => new(Site, generation);

    public static string Text(MediaWikiEvent built) => Encoding.UTF8.GetString(built.Json.Span);

    /// <summary>The JSON without the line breaks and the blanks at the beginning of lines.</summary>
    public static string OneLine(string json) =>
        string.Concat(json.Split('\n').Select(static line => line.TrimStart()));

    /// <summary>The input is refused, by the parameter's name.</summary>
    public static void Refuses(string parameter, Func<object> build) =>
        Should.Throw<ArgumentException>(() => build()).ParamName.ShouldBe(parameter);

    /// <summary>Events of every state stream.</summary>
    public static IEnumerable<MediaWikiEvent> All(EventGeneration generation)
    {
        var events = EventsOf(generation);
        yield return events.PageCreate(Context, Revision with { ParentId = 0 });
        yield return events.PageCreate(Context, PlainRevision);
        yield return events.RevisionCreate(Context, Revision, "ccc");
        yield return events.RevisionCreate(Context, PlainRevision with { Author = Visitor });
        yield return events.PageDelete(Context, Page, 42, Alice, 3, Reason);
        yield return events.PageDelete(Context, Page, 42, Visitor);
        yield return events.PageSuppress(Context, Page, 42, Alice, 3, Reason);
        yield return events.PageUndelete(Context, Page, 42, Alice, Reason, formerPageId: 5);
        yield return events.PageUndelete(Context, Page, 42, Alice);
        yield return events.PageMove(Context, Move, Alice, Reason);
        yield return events.PageMove(Context, Move with { Redirect = null }, Alice);
        yield return events.PagePropertiesChange(
            Context, Page, 42, [new("a", ""), new("wb-claims", 3), new("b", [0xff])], [new("0", "x"), new("2", "")]);
        yield return events.PagePropertiesChange(Context, Page, 42, [], [new PageProperty("notoc", "")], Alice);
        yield return events.PageLinksChange(
            Context, Page, 42, [PageLink.ToUrl("https://example.org/?a=b"), PageLink.ToPage("A b?")], [], Alice);
        yield return events.PageLinksChange(Context, Page, 42, [], [PageLink.ToPage("A")]);
        yield return events.PageRestrictionsChange(
            Context, Page, [new("edit", "sysop"), new("move", "")], Alice, "war", 42);
        yield return events.PageRestrictionsChange(
            Context, Page, [], Alice, revisionId: generation == EventGeneration.Rel139 ? 42 : null);
        yield return events.RevisionTagsChange(Context, Revision, ["a", "b"], ["c"], ["a"], Alice);
        yield return events.RevisionTagsChange(Context, PlainRevision, [], ["c"], []);
        var suppressed = Revision with { Hidden = RevisionParts.Text | RevisionParts.Restricted };
        yield return events.RevisionVisibilityChange(Context, suppressed, RevisionParts.None, Alice);
        yield return events.RevisionVisibilityChange(Context, PlainRevision, RevisionParts.User, Alice);
        yield return events.UserBlocksChange(Context, Alice, new UserBlock(), Visitor, "", PartialBlock);
        yield return events.UserBlocksChange(Context, Visitor, PartialBlock, Alice, "vandalism");
        yield return events.UserBlocksChange(Context, "192.0.2.128/25", new UserBlock(), Alice);
    }
}
