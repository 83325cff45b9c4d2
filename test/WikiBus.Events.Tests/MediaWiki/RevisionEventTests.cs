using System.Text.Json;
using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.StateSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class RevisionEventTests
{
    private static readonly MediaWikiEvents s_current = EventsOf(EventGeneration.Current);

    private static readonly MediaWikiEvents s_rel139 = EventsOf(EventGeneration.Rel139);

    [Fact]
    public void RevisionCreate_HasEveryMemberInOrder()
    {
        var start = StartOf("create/2.0.0", "create");
        var slots = OneLine("""
            ,"rev_slots":{"main":{"rev_slot_content_model":"wikitext","rev_slot_sha1":"aaa","rev_slot_size":10,
            "rev_slot_origin_rev_id":40},
            "extra":{"rev_slot_content_model":"json","rev_slot_sha1":"bbb","rev_slot_size":5}},
            "rev_content_changed":true}
            """);
        Text(s_current.RevisionCreate(Context, Revision, "other"))
            .ShouldBe(start + ",\"dt\":\"2026-01-02T03:04:05Z\"" + slots);
        var startOf139 = start
            .Replace("2.0.0", "1.1.0", StringComparison.Ordinal)
            .Replace(",\"domain\"", ",\"dt\":\"2026-01-02T03:04:05Z\",\"domain\"", StringComparison.Ordinal);
        Text(s_rel139.RevisionCreate(Context, Revision, "other")).ShouldBe(startOf139 + slots);
    }

    [Theory]
    [InlineData(EventGeneration.Current)]
    [InlineData(EventGeneration.Rel139)]
    public void RevisionCreate_OfAnUnknownVisitorWithoutAParent_LeavesMembersOut(EventGeneration generation)
    {
        var visitor = Parse(EventsOf(generation).RevisionCreate(Context, PlainRevision with { Author = Visitor }));
        visitor.GetProperty("performer").GetRawText()
            .ShouldBe("""{"user_text":"192.0.2.7","user_groups":["*"],"user_is_bot":false}""");
        var nobody = Parse(EventsOf(generation).PageCreate(Context, PlainRevision with { ParentId = 0 }));
        foreach (var absent in (string[])[
            "performer", "comment", "parsedcomment", "rev_parent_id", "rev_content_format", "rev_content_changed"])
        {
            nobody.TryGetProperty(absent, out _).ShouldBeFalse(absent);
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("ccc", false)]
    [InlineData("ccd", true)]
    public void ContentChanged_FollowsFromTheParentsHash(string? parentSha1, bool? isChanged)
    {
        var built = Parse(s_current.RevisionCreate(Context, Revision, parentSha1));
        (built.TryGetProperty("rev_content_changed", out var value) ? value.GetBoolean() : (bool?)null)
            .ShouldBe(isChanged);
    }

    [Fact]
    public void HiddenParts_AreLeftOut()
    {
        const RevisionParts All = RevisionParts.Text | RevisionParts.Comment | RevisionParts.User;
        var built = Parse(s_current.RevisionCreate(Context, Revision with { Hidden = All }));
        built.GetProperty("page_is_redirect").GetBoolean().ShouldBeFalse();
        built.TryGetProperty("comment", out _).ShouldBeFalse();
        built.TryGetProperty("parsedcomment", out _).ShouldBeFalse();
        built.TryGetProperty("performer", out _).ShouldBeFalse();
        built.GetProperty("rev_sha1").GetString().ShouldBe("ccc");
    }

    [Fact]
    public void PageCreate_IsARevisionOfItsOwnStream()
    {
        var built = s_current.PageCreate(Context, PlainRevision);
        built.Stream.ShouldBe("mediawiki.page-create");
        Text(built).ShouldBe(OneLine("""
            {"$schema":"/mediawiki/revision/create/2.0.0",
            "meta":{"uri":"https://wiki.example.org/wiki/A","request_id":"r1",
            "id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.page-create"},
            "database":"examplewiki","page_id":1,"page_title":"A","page_namespace":0,
            "rev_id":1,"rev_timestamp":"2026-01-02T03:04:05Z","rev_sha1":"aaa","rev_minor_edit":false,"rev_len":0,
            "rev_content_model":"wikitext","page_is_redirect":false,"dt":"2026-01-02T03:04:05Z",
            "rev_slots":{"main":{"rev_slot_content_model":"wikitext","rev_slot_sha1":"aaa","rev_slot_size":10}}}
            """));
    }

    [Theory]
    [InlineData("a b", "c", "", "a b c")]
    [InlineData("a b", "b a c c", "", "a b c")]
    [InlineData("a b", "", "a", "b")]
    [InlineData("a", "b", "a", "b")]
    [InlineData("a", "b", "b", "a")]
    [InlineData("a", "", "a", "")]
    [InlineData("a", "", "z", "a")]
    public void TagsChange_HasTheUnionWithoutTheRemoved(string before, string added, string removed, string after)
    {
        var built = s_current.RevisionTagsChange(Context, Revision, Words(before), Words(added), Words(removed));
        Text(built).ShouldEndWith($",\"tags\":{Json(after)},\"prior_state\":{{\"tags\":{Json(before)}}}}}");
    }

    [Fact]
    public void TagsChange_HasEveryMemberInOrder() =>
        Text(s_current.RevisionTagsChange(Context, Revision, ["a"], ["b"], [], Alice)).ShouldBe(
            StartOf("tags-change/1.0.0", "tags-change") + """
                ,"tags":["a","b"],"prior_state":{"tags":["a"]}}
                """);

    [Fact]
    public void TagsChange_HasTheTaggingUser_OrInRel139TheAuthor()
    {
        PerformerOf(Tagged(s_current, Revision, Visitor)).ShouldBe("192.0.2.7");
        PerformerOf(Tagged(s_current, Revision, performer: null)).ShouldBeNull();
        PerformerOf(Tagged(s_rel139, Revision, Visitor)).ShouldBe("192.0.2.7");
        PerformerOf(Tagged(s_rel139, Revision, performer: null)).ShouldBe("Alice");
        PerformerOf(Tagged(s_rel139, Revision with { Hidden = RevisionParts.User }, performer: null)).ShouldBeNull();
    }

    [Fact]
    public void VisibilityChange_HasBothMaps()
    {
        var revision = Revision with { Hidden = RevisionParts.User };
        var maps = OneLine("""
            ,"visibility":{"text":true,"user":false,"comment":true},
            "prior_state":{"visibility":{"text":true,"user":true,"comment":false}}}
            """);
        Text(s_current.RevisionVisibilityChange(Context, revision, RevisionParts.Comment, Alice)).ShouldBe(
            StartOf("visibility-change/1.0.0", "visibility-change") + maps);
        Text(s_rel139.RevisionVisibilityChange(Context, revision, RevisionParts.Comment, Alice)).ShouldEndWith(maps);
    }

    [Theory]
    [InlineData(RevisionParts.Text, RevisionParts.None, "Alice")]
    [InlineData(RevisionParts.Text | RevisionParts.Restricted, RevisionParts.None, null)]
    [InlineData(RevisionParts.None, RevisionParts.Text | RevisionParts.Restricted, null)]
    public void VisibilityChange_OfASuppression_HasAPerformerOnlyInRel139(
        RevisionParts after, RevisionParts before, string? performer)
    {
        var revision = PlainRevision with { Hidden = after };
        PerformerOf(s_current.RevisionVisibilityChange(Context, revision, before, Alice)).ShouldBe(performer);
        PerformerOf(s_rel139.RevisionVisibilityChange(Context, revision, before, Alice)).ShouldBe("Alice");
    }

    [Fact]
    public void Revisions_ThatCannotBe_AreRefused()
    {
        Refuses("revision", () => s_current.PageCreate(Context, Revision));
        Refuses("parentSha1", () => s_current.RevisionCreate(Context, PlainRevision, "aaa"));
        Refuses("added", () => s_current.RevisionTagsChange(Context, Revision, ["a"], [], []));
        Refuses("before", () => s_current.RevisionTagsChange(Context, Revision, [""], ["a"], []));
        Refuses("added", () => s_current.RevisionTagsChange(Context, Revision, [], ["\ud800"], []));
        Refuses("removed", () => s_current.RevisionTagsChange(Context, Revision, [], [], [""]));
        Refuses("hiddenBefore", () => s_current.RevisionVisibilityChange(Context, Revision, RevisionParts.None, Alice));
    }

    // The event with every member that describes a revision.
    private static string StartOf(string schema, string stream) =>
        OneLine($$"""
            {"$schema":"/mediawiki/revision/{{schema}}",
            "meta":{"uri":"https://wiki.example.org/wiki/Talk:%C3%9Cn%C3%AF_code%3F","request_id":"r1",
            "id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.revision-{{stream}}"},
            "database":"examplewiki","page_id":7,"page_title":"Talk:Ünï_code?","page_namespace":1,
            "rev_id":42,"rev_timestamp":"2026-01-02T03:04:05Z","rev_sha1":"ccc","rev_minor_edit":true,"rev_len":15,
            "rev_content_model":"wikitext","rev_content_format":"text/x-wiki",
            "performer":{"user_text":"Alice","user_groups":["*","user"],"user_is_bot":true,"user_id":3,
            "user_registration_dt":"2025-01-02T03:04:05Z","user_edit_count":12},
            "page_is_redirect":true,"comment":"a <b>","parsedcomment":"a &lt;b&gt;","rev_parent_id":41
            """);

    private static MediaWikiEvent Tagged(MediaWikiEvents events, WikiRevision revision, WikiUser? performer) =>
        events.RevisionTagsChange(Context, revision, [], ["a"], [], performer);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Json(string words) => JsonSerializer.Serialize(Words(words));

    private static string? PerformerOf(MediaWikiEvent built) =>
        Parse(built).TryGetProperty("performer", out var performer)
            ? performer.GetProperty("user_text").GetString()
            : null;

    private static JsonElement Parse(MediaWikiEvent built) => JsonElement.Parse(built.Json.Span);
}
