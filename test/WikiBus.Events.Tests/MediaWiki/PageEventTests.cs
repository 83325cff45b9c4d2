using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.StateSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class PageEventTests
{
    private const string Uri = "https://wiki.example.org/wiki/Talk:%C3%9Cn%C3%AF_code%3F";

    private const string PageMembers =
        """
        "page_id":7,"page_title":"Talk:Ünï_code?","page_namespace":1,"page_is_redirect":true
        """;

    private static readonly string s_performer = OneLine("""
        "performer":{"user_text":"Alice","user_groups":["*","user"],"user_is_bot":true,"user_id":3,
        "user_registration_dt":"2025-01-02T03:04:05Z","user_edit_count":12}
        """);

    private static readonly MediaWikiEvents s_current = EventsOf(EventGeneration.Current);

    private static readonly MediaWikiEvents s_rel139 = EventsOf(EventGeneration.Rel139);

    [Fact]
    public void PageDelete_HasThePerformerAfterThePageOrBefore()
    {
        const string Rest = "\"rev_id\":42,\"rev_count\":3,\"comment\":\"a <b>\",\"parsedcomment\":\"a &lt;b&gt;\"}";
        ShouldBe(
            s_current.PageDelete(Context, Page, 42, Alice, 3, Reason),
            Head("page/delete/1.0.0", "page-delete") + PageMembers + "," + s_performer + "," + Rest);
        ShouldBe(
            s_rel139.PageDelete(Context, Page, 42, Alice, 3, Reason),
            HeadOf139("page/delete/1.0.0", "page-delete") + s_performer + "," + PageMembers + "," + Rest);
    }

    [Fact]
    public void PageSuppress_HasAPerformerOnlyInRel139()
    {
        ShouldBe(
            s_current.PageSuppress(Context, Page, 42, Alice),
            Head("page/delete/1.0.0", "page-suppress") + PageMembers + ",\"rev_id\":42}");
        ShouldBe(
            s_rel139.PageSuppress(Context, Page, 42, Alice, reason: new WikiComment("")),
            HeadOf139("page/delete/1.0.0", "page-suppress") + s_performer + "," + PageMembers + ",\"rev_id\":42}");
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(0L, "")]
    [InlineData(7L, "")]
    [InlineData(5L, ",\"prior_state\":{\"page_id\":5}")]
    public void PageUndelete_HasThePriorStateIfTheIdDiffers(long? formerPageId, string priorState)
    {
        var rest = s_performer + "," + PageMembers + ",\"rev_id\":42" + priorState + ",\"comment\":\"a <b>\"}";
        var reason = Reason with { Html = null };
        ShouldBe(
            s_current.PageUndelete(Context, Page, 42, Alice, reason, formerPageId),
            Head("page/undelete/1.0.0", "page-undelete") + rest);
        ShouldBe(
            s_rel139.PageUndelete(Context, Page, 42, Alice, reason, formerPageId),
            HeadOf139("page/undelete/1.0.0", "page-undelete") + rest);
    }

    [Fact]
    public void PageMove_HasThePriorState_AndTheRedirectInCurrentOnly()
    {
        var moved =
            s_performer + "," + PageMembers
            + ",\"rev_id\":42,\"prior_state\":{\"page_title\":\"Old_title\",\"page_namespace\":0,\"rev_id\":41}";
        const string Redirect =
            ",\"new_redirect_page\":{\"page_id\":8,\"page_title\":\"Old_title\",\"page_namespace\":0,\"rev_id\":43}";
        const string Comment = ",\"comment\":\"a <b>\",\"parsedcomment\":\"a &lt;b&gt;\"}";
        var head = Head("page/move/1.0.0", "page-move");
        ShouldBe(s_current.PageMove(Context, Move, Alice, Reason), head + moved + Redirect + Comment);
        ShouldBe(s_current.PageMove(Context, Move with { Redirect = null }, Alice), head + moved + "}");
        ShouldBe(
            s_rel139.PageMove(Context, Move, Alice, Reason),
            HeadOf139("page/move/1.0.0", "page-move") + moved + Comment);
    }

    [Fact]
    public void PageMove_ToTheSameTitleOrOfAnotherPage_IsRefused()
    {
        Refuses("move", () => s_current.PageMove(
            Context, Move with { Before = Page with { Title = "Talk:Ünï_code?" } }, Alice));
        Refuses("move", () => s_current.PageMove(Context, Move with { Before = Move.Before with { Id = 8 } }, Alice));
        Refuses("value", () => Move with { RevisionId = 0 });
        Refuses("value", () => Move with { ParentId = 0 });
        Refuses("PageId", () => new RedirectLeft(0, 1));
        Refuses("RevisionId", () => new RedirectLeft(1, 0));
    }

    [Fact]
    public void PagePropertiesChange_HasTextsNumbersAndBytes()
    {
        PageProperty[] added = [new("notoc", ""), new("wb-claims", 3), new("utf8", "é"u8), new("bytes", [0xff, 0])];
        var expected = PageMembers + ",\"rev_id\":42," + s_performer
            + ",\"added_properties\":{\"notoc\":\"\",\"wb-claims\":3,\"utf8\":\"é\","
            + "\"bytes\":\"data:application/octet-stream;base64,/wA=\"}";
        ShouldBe(
            s_current.PagePropertiesChange(Context, Page, 42, added, [new("defaultsort", "x")], Alice),
            Head("page/properties-change/1.0.0", "page-properties-change")
            + expected + ",\"removed_properties\":{\"defaultsort\":\"x\"}}");
        ShouldBe(
            s_rel139.PagePropertiesChange(Context, Page, 42, added, [], Alice),
            HeadOf139("page/properties-change/1.0.0", "page-properties-change") + expected + "}");
    }

    [Fact]
    public void PagePropertiesChange_WithoutUsableProperties_IsRefused()
    {
        PageProperty[] list = [new("0", "a"), new("1", "b")];
        PageProperty[] twice = [new("a", "a"), new("a", "b")];
        Refuses("added", () => s_current.PagePropertiesChange(Context, Page, 42, [], []));
        Refuses("added", () => s_current.PagePropertiesChange(Context, Page, 42, list, []));
        Refuses("removed", () => s_current.PagePropertiesChange(Context, Page, 42, [], list));
        Refuses("added", () => s_current.PagePropertiesChange(Context, Page, 42, twice, []));
        Refuses("revisionId", () => s_current.PagePropertiesChange(Context, Page, -1, [new("a", 1)], []));
        Refuses("name", () => new PageProperty("", "a"));
        Refuses("name", () => new PageProperty("\udc00", 1));
        Refuses("value", () => new PageProperty("a", "\ud800"));
    }

    [Fact]
    public void PageLinksChange_HasPagesBeforeUrls_AndEncodesPagesTwice()
    {
        PageLink[] links =
        [
            PageLink.ToUrl("https://example.org/?a=b#c"),
            PageLink.ToPage("Added link 1?_="),
            PageLink.ToUrl("mailto:a@example.org"),
            PageLink.ToPage("Ü"),
        ];
        var expected = OneLine("""
            [{"link":"/wiki/Added_link_1%253F_%253D","external":false},
            {"link":"/wiki/%25C3%259C","external":false},
            {"link":"https://example.org/%3Fa%3Db%23c","external":true},
            {"link":"mailto:a@example.org","external":true}]
            """);
        ShouldBe(
            s_current.PageLinksChange(Context, Page, 42, links, []),
            Head("page/links-change/1.0.0", "page-links-change")
            + PageMembers + ",\"rev_id\":42,\"added_links\":" + expected + "}");
        ShouldBe(
            s_rel139.PageLinksChange(Context, Page, 0, [], links, Alice),
            HeadOf139("page/links-change/1.0.0", "page-links-change")
            + PageMembers + ",\"rev_id\":0," + s_performer + ",\"removed_links\":" + expected + "}");
    }

    [Fact]
    public void PageLinksChange_UsesThePathOfTheWiki()
    {
        var events = new MediaWikiEvents(Site with { ArticlePath = "/index.php?title=$1" });
        var built = events.PageLinksChange(Context, Page, 42, [PageLink.ToPage("A&b")], []);
        Text(built).ShouldContain("""{"link":"/index.php%3Ftitle%3DA%2526b","external":false}""");
    }

    [Fact]
    public void PageLinksChange_WithoutLinks_IsRefused()
    {
        Refuses("added", () => s_current.PageLinksChange(Context, Page, 42, [], []));
        Refuses("title", () => PageLink.ToPage(" "));
        Refuses("title", () => PageLink.ToPage(new string('ü', 257)));
        Refuses("url", () => PageLink.ToUrl(""));
        Refuses("url", () => PageLink.ToUrl("https://example.org/\ud800"));
    }

    [Fact]
    public void PageRestrictionsChange_HasTheLevels()
    {
        PageRestriction[] restrictions = [new("edit", "sysop"), new("move", "")];
        var expected = s_performer + "," + PageMembers
            + ",\"reason\":\"war\",\"page_restrictions\":{\"edit\":\"sysop\",\"move\":\"\"}";
        ShouldBe(
            s_current.PageRestrictionsChange(Context, Page, restrictions, Alice, "war"),
            Head("page/restrictions-change/2.0.0", "page-restrictions-change") + expected + "}");
        ShouldBe(
            s_rel139.PageRestrictionsChange(Context, Page, restrictions, Alice, "war", 42),
            HeadOf139("page/restrictions-change/1.0.0", "page-restrictions-change") + expected + ",\"rev_id\":42}");
    }

    [Fact]
    public void PageRestrictionsChange_WithoutRestrictions_LeavesThemOut() =>
        ShouldBe(
            s_current.PageRestrictionsChange(Context, Page, [], Alice, revisionId: 42),
            Head("page/restrictions-change/2.0.0", "page-restrictions-change")
            + s_performer + "," + PageMembers + ",\"reason\":\"\",\"rev_id\":42}");

    [Fact]
    public void PageRestrictionsChange_ThatTheSchemaRefuses_IsRefused()
    {
        Refuses("revisionId", () => s_rel139.PageRestrictionsChange(Context, Page, [], Alice));
        Refuses("revisionId", () => s_current.PageRestrictionsChange(Context, Page, [], Alice, revisionId: 0));
        Refuses("reason", () => s_current.PageRestrictionsChange(Context, Page, [], Alice, "\ud800"));
        Refuses("restrictions", () => s_current.PageRestrictionsChange(
            Context, Page, [new("edit", "a"), new("edit", "b")], Alice));
        Refuses("Action", () => new PageRestriction("", "sysop"));
        Refuses("Level", () => new PageRestriction("edit", "\ud800"));
    }

    [Fact]
    public void PageEvents_WithNumbersOutOfRange_AreRefused()
    {
        Refuses("revisionId", () => s_current.PageDelete(Context, Page, 0, Alice));
        Refuses("revisionId", () => s_current.PageSuppress(Context, Page, 1L << 53, Alice));
        Refuses("revisionCount", () => s_current.PageDelete(Context, Page, 1, Alice, -1));
        Refuses("revisionId", () => s_current.PageUndelete(Context, Page, 0, Alice));
        Refuses("formerPageId", () => s_current.PageUndelete(Context, Page, 1, Alice, null, -1));
    }

    private static string Head(string schema, string stream) =>
        OneLine($$"""
            {"$schema":"/mediawiki/{{schema}}",
            "meta":{"uri":"{{Uri}}","request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3",
            "domain":"wiki.example.org","stream":"mediawiki.{{stream}}"},"database":"examplewiki",
            """);

    private static string HeadOf139(string schema, string stream) =>
        Head(schema, stream).Replace(
            ",\"domain\"", ",\"dt\":\"2026-01-02T03:04:05Z\",\"domain\"", StringComparison.Ordinal);

    private static void ShouldBe(MediaWikiEvent built, string expected)
    {
        Text(built).ShouldBe(expected);
        built.Kind.ShouldBe(EventKinds.Event);
        built.Id.ShouldBe(Context.Id);
    }
}
