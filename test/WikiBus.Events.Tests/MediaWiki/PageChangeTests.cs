using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.ChangeSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class PageChangeTests
{
    private const string AliceMembers =
        """
        {"user_text":"Alice A","groups":["*","user"],"is_temp":false,"wiki_id":"examplewiki",
        "first_edit_dt":"2025-02-02T03:04:05Z","user_id":3,"edit_count":12,"registration_dt":"2025-01-02T03:04:05Z",
        "is_bot":true,"is_system":false,"user_central_id":33,"edit_global_count":15}
        """;

    private const string VisitorMembers =
        """
        {"user_text":"192.0.2.7","groups":["*"],"is_temp":false,"wiki_id":"examplewiki","is_bot":false,
        "is_system":false}
        """;

    private const string PageMembers =
        """
        "page_id":7,"page_title":"Ünï_code?","namespace_id":0,"is_redirect":false,"namespace_is_content":true
        """;

    private const string RedirectMembers =
        """
        "page_id":7,"page_title":"Ünï_code?","namespace_id":0,"is_redirect":true,"namespace_is_content":true,
        "wikibase_item_id":"Q5","redirect_page_link":{"page_title":"Talk:Other","namespace_id":1
        """;

    private const string RevisionMembers =
        """
        "rev_id":42,"rev_dt":"2026-01-02T03:04:05Z","is_minor_edit":true,"rev_sha1":"ccc","rev_size":15,
        "rev_parent_id":41,"comment":"a <b>","is_content_visible":true,"is_editor_visible":true,
        "is_comment_visible":true,"editor":
        """ + AliceMembers +
        """
        ,"content_slots":{"main":{"slot_role":"main","content_model":"wikitext","content_sha1":"aaa",
        "content_size":10,"content_format":"text/x-wiki","origin_rev_id":42},
        "extra":{"slot_role":"extra","content_model":"x","content_sha1":"b","content_size":5}}
        """;

    private const string ParentMembers =
        """
        "rev_id":41,"rev_dt":"2026-01-01T03:04:05Z","is_minor_edit":false,"rev_sha1":"bbb","rev_size":9,
        "rev_parent_id":0,"comment":"","is_content_visible":true,"is_editor_visible":true,
        "is_comment_visible":true,"editor":
        """ + VisitorMembers +
        """
        ,"content_slots":{"main":{"slot_role":"main","content_model":"wikitext","content_sha1":"aaa",
        "content_size":10,"content_format":"text/x-wiki"}}
        """;

    private const string Meta =
        """
        "$schema":"/mediawiki/page/change/1.11.0","meta":{"stream":"mediawiki.page_change.v1",
        "uri":"https://wiki.example.org/wiki/%C3%9Cn%C3%AF_code%3F","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3",
        "domain":"wiki.example.org","request_id":"r1"}}
        """;

    [Fact]
    public void Create_HasTheMembersInOrder()
    {
        var built = Builders.PageChangeCreate(Context, Parent with { Page = Redirect }, Visitor);
        TextOf(built).ShouldBe(Line($$$"""
            {"changelog_kind":"insert","page_change_kind":"create","dt":"2026-01-01T03:04:05Z",
            "wiki_id":"examplewiki","page":{{{{RedirectMembers}}},"page_id":8,"is_redirect":false,
            "wikibase_item_id":"Q6"}},"performer":{{{VisitorMembers}}},"revision":{{{{ParentMembers}}}},{{{Meta}}}
            """));
        built.Stream.ShouldBe("mediawiki.page_change.v1");
        built.Kind.ShouldBe(EventKinds.Event);
        built.Id.ShouldBe(Context.Id);
    }

    [Fact]
    public void Edit_HasTheMembersInOrder() =>
        TextOf(Builders.PageChangeEdit(Context, Revision, Alice, Parent)).ShouldBe(Line($$$"""
            {"changelog_kind":"update","page_change_kind":"edit","dt":"2026-01-02T03:04:05Z",
            "wiki_id":"examplewiki","page":{{{{PageMembers}}}},"performer":{{{AliceMembers}}},
            "revision":{{{{RevisionMembers}}}},"prior_state":{"revision":{{{{ParentMembers}}}}},{{{Meta}}}
            """));

    [Fact]
    public void Move_HasTheMembersInOrder()
    {
        var before = Page with { Title = "Talk:Old title", Namespace = 1 };
        var redirect = before with { Id = 8, IsRedirect = true };
        TextOf(Builders.PageChangeMove(Context, Revision, Alice, "better", Parent with { Page = before }, redirect))
            .ShouldBe(Line($$$"""
                {"changelog_kind":"update","page_change_kind":"move","dt":"2026-01-02T03:04:05Z",
                "wiki_id":"examplewiki","page":{{{{PageMembers}}}},"performer":{{{AliceMembers}}},"comment":"better",
                "revision":{{{{RevisionMembers}}}},
                "created_redirect_page":{"page_id":8,"page_title":"Talk:Old_title","namespace_id":1,
                "is_redirect":true,"namespace_is_content":false},
                "prior_state":{"page":{"page_title":"Talk:Old_title","namespace_id":1,"namespace_is_content":false},
                "revision":{{{{ParentMembers}}}}},{{{Meta}}}
                """));
    }

    [Fact]
    public void Delete_HasTheMembersInOrder() =>
        TextOf(Builders.PageChangeDelete(Context, Revision with { Page = Redirect }, Alice, "spam", 2))
            .ShouldBe(Line($$$"""
                {"changelog_kind":"delete","page_change_kind":"delete","dt":"2026-01-02T03:04:05Z",
                "wiki_id":"examplewiki","page":{{{{RedirectMembers}}},"wikibase_item_id":"Q6"},"revision_count":2},
                "performer":{{{AliceMembers}}},"comment":"spam","revision":{{{{RevisionMembers}}}},{{{Meta}}}
                """));

    [Fact]
    public void SuppressedDelete_HidesWhatWasInThePage_AndWhoDeletedIt()
    {
        var revision = Revision with { Hidden = RevisionParts.Comment };
        TextOf(Builders.PageChangeDelete(Context, revision, Alice, "", 2, isSuppressed: true)).ShouldBe(Line($$$"""
            {"changelog_kind":"delete","page_change_kind":"delete","dt":"2026-01-02T03:04:05Z",
            "wiki_id":"examplewiki","page":{{{{PageMembers}}},"revision_count":2},"comment":"",
            "revision":{"rev_id":42,"rev_dt":"2026-01-02T03:04:05Z","is_minor_edit":true,"rev_parent_id":41,
            "is_content_visible":false,"is_editor_visible":false,"is_comment_visible":false},
            "prior_state":{"revision":{"is_content_visible":true,"is_editor_visible":true,
            "is_comment_visible":false}},{{{Meta}}}
            """));
    }

    [Fact]
    public void Undelete_HasTheMembersInOrder() =>
        TextOf(Builders.PageChangeUndelete(Context, Revision, Alice, "needed", 6)).ShouldBe(Line($$$"""
            {"changelog_kind":"insert","page_change_kind":"undelete","dt":"2026-01-02T03:04:05Z",
            "wiki_id":"examplewiki","page":{{{{PageMembers}}}},"performer":{{{AliceMembers}}},"comment":"needed",
            "revision":{{{{RevisionMembers}}}},"prior_state":{"page":{"page_id":6}},{{{Meta}}}
            """));

    [Fact]
    public void VisibilityChange_SaysWhatChanged()
    {
        var revision = Parent with { Page = Redirect, Hidden = RevisionParts.User | RevisionParts.Text };
        TextOf(Builders.PageChangeVisibility(Context, revision, Alice, RevisionParts.Comment | RevisionParts.Text))
            .ShouldBe(Line($$$"""
                {"changelog_kind":"update","page_change_kind":"visibility_change","dt":"2026-01-02T03:04:05Z",
                "wiki_id":"examplewiki","page":{"page_id":7,"page_title":"Ünï_code?","namespace_id":0,
                "is_redirect":true,"namespace_is_content":true,"wikibase_item_id":"Q5"},
                "performer":{{{AliceMembers}}},"revision":{"rev_id":41,"rev_dt":"2026-01-01T03:04:05Z",
                "is_minor_edit":false,"rev_sha1":"bbb","rev_size":9,"rev_parent_id":0,"comment":"",
                "is_content_visible":false,"is_editor_visible":false,"is_comment_visible":true,
                "content_slots":{"main":{"slot_role":"main","content_model":"wikitext","content_sha1":"aaa",
                "content_size":10,"content_format":"text/x-wiki"}
                }},"prior_state":{"revision":{"is_editor_visible":true,"is_comment_visible":false}},{{{Meta}}}
                """));
    }

    [Theory]
    [InlineData(RevisionParts.Restricted, RevisionParts.Text)]
    [InlineData(RevisionParts.Text, RevisionParts.Restricted)]
    public void VisibilityChange_HidesThePerformer_IfPartsAreRestricted(RevisionParts hidden, RevisionParts before) =>
        Member(Builders.PageChangeVisibility(Context, Revision with { Hidden = hidden }, Alice, before), "performer")
            .ShouldBeNull();

    [Fact]
    public void PriorState_IsLeftOut_IfNothingDiffers()
    {
        Member(Builders.PageChangeEdit(Context, Revision, Alice, parent: null), "prior_state").ShouldBeNull();
        Member(Builders.PageChangeMove(Context, Revision, Alice, "", Parent), "prior_state.page").ShouldBeNull();
        Member(Builders.PageChangeDelete(Context, Revision, Alice, "", 2), "prior_state").ShouldBeNull();
        Member(Builders.PageChangeUndelete(Context, Revision, Alice, ""), "prior_state").ShouldBeNull();
        Member(Builders.PageChangeUndelete(Context, Revision, Alice, "", Page.Id), "prior_state").ShouldBeNull();
        Member(Builders.PageChangeVisibility(Context, Revision, Alice, RevisionParts.Restricted), "prior_state")
            .ShouldBeNull();
    }

    [Fact]
    public void Move_SaysEachDifferenceOfThePage()
    {
        var before = new WikiPage { Id = 6, Title = "User:A", Namespace = 2, IsRedirect = true };
        Member(Builders.PageChangeMove(Context, Revision, Alice, "", Parent with { Page = before }), "prior_state.page")
            .ShouldBe(Line("""
                {"page_id":6,"page_title":"User:A","namespace_id":2,"is_redirect":true,"namespace_is_content":false}
                """));
    }

    [Theory]
    [InlineData(RevertMethod.Rollback, "\"rollback\"")]
    [InlineData(RevertMethod.Undo, "\"undo\"")]
    [InlineData(RevertMethod.Manual, "\"manual\"")]
    [InlineData(null, null)]
    public void Revert_NamesItsMethod(RevertMethod? method, string? expected)
    {
        var built = Builders.PageChangeEdit(Context, Revision, Alice, Parent, new WikiRevert { Method = method });
        Member(built, "revision.revert.method").ShouldBe(expected);
        Member(built, "revision.revert.is_exact").ShouldBe("false");
    }

    [Fact]
    public void Revert_HasTheMembersInOrder()
    {
        var revert = new WikiRevert
        {
            Method = RevertMethod.Undo,
            IsExact = true,
            OriginalRevisionId = 30,
            OriginalTime = Time,
            OldestRevertedId = 31,
            NewestRevertedId = 41,
        };
        Member(Builders.PageChangeEdit(Context, Revision, Alice, Parent, revert), "revision.revert").ShouldBe(Line("""
            {"method":"undo","is_exact":true,"rev_original_id":30,"rev_original_dt":"2026-01-02T03:04:05Z",
            "rev_reverted_oldest_id":31,"rev_reverted_newest_id":41}
            """));
        Member(
            Builders.PageChangeEdit(Context, Revision, Alice, Parent, revert with { OriginalRevisionId = null }),
            "revision.revert.rev_original_dt").ShouldBeNull();
    }

    [Fact]
    public void HiddenParts_AreLeftOut()
    {
        var built = Builders.PageChangeEdit(
            Context, Revision with { Hidden = RevisionParts.User | RevisionParts.Comment }, Alice, Parent);
        Member(built, "revision.editor").ShouldBeNull();
        Member(built, "revision.comment").ShouldBeNull();
        Member(built, "revision.is_editor_visible").ShouldBe("false");
        Member(built, "revision.is_comment_visible").ShouldBe("false");
        Member(built, "revision.is_content_visible").ShouldBe("true");
    }

    [Fact]
    public void LinkToAnotherWiki_HasItsPrefix()
    {
        var page = Page with
        {
            IsRedirect = true,
            RedirectTarget = new RedirectTarget { Title = "Main Page", InterwikiPrefix = "de" },
        };
        Member(Builders.PageChangeCreate(Context, Revision with { Page = page }, Alice), "page.redirect_page_link")
            .ShouldBe("""{"page_title":"Main_Page","namespace_id":0,"interwiki_prefix":"de"}""");
    }

    [Fact]
    public void PageThatIsNoRedirect_HasNoLink()
    {
        var page = Redirect with { IsRedirect = false };
        Member(Builders.PageChangeCreate(Context, Revision with { Page = page }, Alice), "page.redirect_page_link")
            .ShouldBeNull();
    }

    [Fact]
    public void UserOfAnotherWiki_IsNeitherBotNorSystemUser()
    {
        var built = Builders.PageChangeCreate(Context, Revision, Alice with { HomeWiki = OtherSite });
        Member(built, "performer.wiki_id").ShouldBe("\"otherwiki\"");
        Member(built, "performer.is_bot").ShouldBeNull();
        Member(built, "performer.is_system").ShouldBeNull();
        Member(built, "wiki_id").ShouldBe("\"examplewiki\"");
    }

    [Fact]
    public void UnknownNumbers_AreLeftOut()
    {
        var user = Alice with { EditCount = null, CentralId = 0, FirstEdit = null, Registration = null };
        var built = Builders.PageChangeCreate(Context, Revision with { ParentId = null }, user);
        Member(built, "performer").ShouldBe(Line("""
            {"user_text":"Alice A","groups":["*","user"],"is_temp":false,"wiki_id":"examplewiki","user_id":3,
            "is_bot":true,"is_system":false}
            """));
        Member(built, "revision.rev_parent_id").ShouldBeNull();
        Member(Builders.PageChangeCreate(Context, Revision, performer: null), "performer").ShouldBeNull();
        Member(Builders.PageChangeDelete(Context, Revision, Alice, "", revisionCount: null), "page.revision_count")
            .ShouldBeNull();
    }

    [Fact]
    public void Rel139_HasNoSuchStream()
    {
        var builders = new MediaWikiEvents(Site, EventGeneration.Rel139);
        Should.Throw<InvalidOperationException>(() => builders.PageChangeCreate(Context, Revision, Alice))
            .Message.ShouldBe("EventBus REL1_39 has no stream mediawiki.page_change.v1.");
    }

    [Fact]
    public void Inputs_ThatNoEventCanHave_AreRefused()
    {
        Refuses(() => Page with { Namespace = -1 });
        Refuses(() => Redirect.RedirectTarget! with { Namespace = -1 });
        Refuses(() => Redirect.RedirectTarget! with { Title = "" });
        Refuses(() => Redirect.RedirectTarget! with { PageId = 0 });
        Refuses(() => Redirect.RedirectTarget! with { InterwikiPrefix = "" });
        Refuses(() => Redirect.RedirectTarget! with { WikibaseItemId = "\ud800" });
        Refuses(() => Redirect with { WikibaseItemId = "\ud800" });
        Refuses(() => Alice with { CentralId = -1 });
        Refuses(() => new WikiRevert { Method = (RevertMethod)9 });
        Refuses(() => new WikiRevert { OriginalRevisionId = 0 });
        Refuses(() => new WikiRevert { OldestRevertedId = 0 });
        Refuses(() => new WikiRevert { NewestRevertedId = 0 });
        Should.Throw<ArgumentException>(() => Builders.PageChangeDelete(Context, Revision, Alice, "", -1))
            .ParamName.ShouldBe("revisionCount");
        Should.Throw<ArgumentException>(() => Builders.PageChangeMove(Context, Revision, Alice, "\ud800", Parent))
            .ParamName.ShouldBe("reason");
        Should.Throw<ArgumentException>(() => Builders.PageChangeUndelete(Context, Revision, Alice, "", 0))
            .ParamName.ShouldBe("archivedPageId");
    }

    private static void Refuses(Func<object> build) => Should.Throw<ArgumentException>(build);
}
