using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.ChangeSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class UserChangeTests
{
    private const string AliceMembers =
        """
        "is_temp":false,"wiki_id":"examplewiki","first_edit_dt":"2025-02-02T03:04:05Z","user_id":3,"edit_count":12,
        "registration_dt":"2025-01-02T03:04:05Z","is_bot":true,"is_system":false,"user_central_id":33,
        "edit_global_count":15
        """;

    private const string StewardMembers =
        """
        {"user_text":"Steward","groups":["*","user","steward"],"is_temp":false,"wiki_id":"examplewiki","user_id":1,
        "is_bot":false,"is_system":false}
        """;

    private const string Schema =
        """
        "$schema":"/development/mediawiki_user_change/1.3.0","meta":{"stream":"mediawiki.user_change.v1",
        """;

    private const string Meta = Schema +
        """
        "uri":"https://wiki.example.org/wiki/Benutzer:Alice_A","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3",
        "domain":"wiki.example.org"}}
        """;

    [Fact]
    public void Create_HasTheMembersInOrder()
    {
        var built = Builders.UserChangeCreate(Context, Alice, Steward, isAutomatic: true);
        TextOf(built).ShouldBe(Line($$$"""
            {"changelog_kind":"insert","wiki_id":"examplewiki","user_change_kind":"create",
            "dt":"2025-01-02T03:04:05Z","user":{"user_text":"Alice A","groups":["*","user"],{{{AliceMembers}}},
            "first_registration_dt":"2024-01-02T03:04:05Z"},"performer":{{{StewardMembers}}},
            "is_autocreate":true,{{{Meta}}}
            """));
        built.Stream.ShouldBe("mediawiki.user_change.v1");
        built.Kind.ShouldBe(EventKinds.Event);
        built.Id.ShouldBe(Context.Id);
    }

    [Fact]
    public void Create_HappensNow_IfTheRegistrationIsUnknown()
    {
        var built = Builders.UserChangeCreate(
            Context, Alice with { Registration = null, FirstRegistration = null }, performer: null);
        Member(built, "dt").ShouldBe("\"2026-01-02T03:04:05Z\"");
        Member(built, "user.first_registration_dt").ShouldBeNull();
        Member(built, "performer").ShouldBeNull();
        Member(built, "is_autocreate").ShouldBe("false");
        Member(built, "comment").ShouldBeNull();
        Member(built, "prior_state").ShouldBeNull();
    }

    [Fact]
    public void Rename_HasTheMembersInOrder() =>
        TextOf(Builders.UserChangeRename(Context, Alice, "Alicia", Steward, "on request")).ShouldBe(Line($$$"""
            {"changelog_kind":"update","wiki_id":"examplewiki","user_change_kind":"rename",
            "dt":"2026-01-02T03:04:05Z","user":{"user_text":"Alice A","groups":["*","user"],{{{AliceMembers}}},
            "first_registration_dt":"2024-01-02T03:04:05Z"},"comment":"on request","performer":{{{StewardMembers}}},
            "prior_state":{"user":{"user_text":"Alicia"}},{{{Meta}}}
            """));

    [Fact]
    public void GroupsChange_HasTheMembersInOrder_AndSortedGroups()
    {
        var user = Alice with { Groups = ["user", "sysop", "*"] };
        TextOf(Builders.UserChangeGroups(Context, user, ["user", "bot", "*"], Steward, "trusted"))
            .ShouldBe(Line($$$"""
                {"changelog_kind":"update","wiki_id":"examplewiki","user_change_kind":"groups_change",
                "dt":"2026-01-02T03:04:05Z","user":{"user_text":"Alice A","groups":["*","sysop","user"],
                {{{AliceMembers}}},"first_registration_dt":"2024-01-02T03:04:05Z"},"comment":"trusted",
                "performer":{{{StewardMembers}}},"prior_state":{"user":{"groups":["*","bot","user"]}},{{{Meta}}}
                """));
    }

    [Fact]
    public void GroupsChange_WithoutReason_HasNoComment()
    {
        var built = Builders.UserChangeGroups(Context, Alice, ["*"], performer: null);
        Member(built, "comment").ShouldBeNull();
        Member(built, "performer").ShouldBeNull();
        Member(Builders.UserChangeGroups(Context, Alice, ["*"], Steward, ""), "comment").ShouldBe("\"\"");
    }

    [Fact]
    public void UserOfAnotherWiki_HasItsPageThere()
    {
        var built = Builders.UserChangeGroups(Context, Alice with { HomeWiki = OtherSite }, ["*"], Steward);
        Member(built, "wiki_id").ShouldBe("\"examplewiki\"");
        Member(built, "user.wiki_id").ShouldBe("\"otherwiki\"");
        Member(built, "user.is_bot").ShouldBeNull();
        Member(built, "meta.uri").ShouldBe("\"https://other.example.org/wiki/User:Alice_A\"");
        Member(built, "meta.domain").ShouldBe("\"wiki.example.org\"");
    }

    [Fact]
    public void UsersWithoutANamedAccount_AreRefused()
    {
        var temporary = Alice with { IsTemporary = true };
        Refuses(() => Builders.UserChangeCreate(Context, Visitor, Steward), "user");
        Refuses(() => Builders.UserChangeCreate(Context, temporary, Steward), "user");
        Refuses(() => Builders.UserChangeRename(Context, Alice, "A", Visitor, ""), "performer");
        Refuses(() => Builders.UserChangeGroups(Context, Alice, [], temporary), "performer");
        Refuses(() => Builders.UserChangeRename(Context, Alice, "", Steward, ""), "nameBefore");
        Refuses(() => Builders.UserChangeRename(Context, Alice, "A", Steward, "\ud800"), "comment");
        Refuses(() => Builders.UserChangeGroups(Context, Alice, [""], Steward), "groupsBefore");
    }

    [Fact]
    public void Rel139_HasNoSuchStream() =>
        Should.Throw<InvalidOperationException>(
            () => new MediaWikiEvents(Site, EventGeneration.Rel139).UserChangeCreate(Context, Alice, Alice))
            .Message.ShouldBe("EventBus REL1_39 has no stream mediawiki.user_change.v1.");

    private static void Refuses(Func<object> build, string name) =>
        Should.Throw<ArgumentException>(build).ParamName.ShouldBe(name);
}
