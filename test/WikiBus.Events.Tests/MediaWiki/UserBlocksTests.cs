using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.StateSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class UserBlocksTests
{
    private const string Sitewide =
        """
        "blocks":{"name":false,"email":false,"user_talk":false,"account_create":false,"sitewide":true,"restrictions":[]}
        """;

    private static readonly string s_partial = OneLine("""
        "blocks":{"name":false,"email":false,"user_talk":false,"account_create":false,"sitewide":false,
        "restrictions":[{"type":"page","value":7},{"type":"ns","value":4}],"expiry_dt":"2026-01-02T03:04:05Z"}
        """);

    private static readonly MediaWikiEvents s_current = EventsOf(EventGeneration.Current);

    [Theory]
    [InlineData(EventGeneration.Current, "")]
    [InlineData(EventGeneration.Rel139, ",\"dt\":\"2026-01-02T03:04:05Z\"")]
    public void BlockOfAUser_HasIdGroupsAndTheBlockBefore(EventGeneration generation, string metaTime)
    {
        var target = Alice with { Name = "Alice B" };
        var built = EventsOf(generation).UserBlocksChange(
            Context, target, PartialBlock, Visitor, "vandalism", new UserBlock());
        Text(built).ShouldBe(OneLine($$$"""
            {"$schema":"/mediawiki/user/blocks-change/1.1.0",
            "meta":{"uri":"https://wiki.example.org/wiki/Benutzer:Alice_B","request_id":"r1",
            "id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3"{{{metaTime}}},
            "domain":"wiki.example.org","stream":"mediawiki.user-blocks-change"},
            "database":"examplewiki",
            "performer":{"user_text":"192.0.2.7","user_groups":["*"],"user_is_bot":false},
            "comment":"vandalism","user_text":"Alice B","user_id":3,"user_groups":["*","user"],
            {{{s_partial}}},"prior_state":{{{{Sitewide}}}}}
            """));
    }

    [Fact]
    public void BlockOfAnAddress_HasGroupsAndNoId() =>
        Text(s_current.UserBlocksChange(Context, Visitor, new UserBlock(), Alice)).ShouldEndWith(
            ",\"comment\":\"\",\"user_text\":\"192.0.2.7\",\"user_groups\":[\"*\"]," + Sitewide + "}");

    [Fact]
    public void BlockOfARange_HasNeitherGroupsNorId()
    {
        var text = Text(s_current.UserBlocksChange(Context, "192.0.2.128/25", PartialBlock, Alice));
        text.ShouldContain("\"uri\":\"https://wiki.example.org/wiki/Benutzer:192.0.2.128/25\"");
        text.ShouldEndWith(",\"comment\":\"\",\"user_text\":\"192.0.2.128/25\"," + s_partial + "}");
    }

    [Fact]
    public void EachFlag_HasItsMember()
    {
        var block = new UserBlock
        {
            HidesName = true,
            BlocksEmail = true,
            BlocksOwnTalk = true,
            BlocksAccountCreation = true,
        };
        Text(s_current.UserBlocksChange(Context, Alice, block, Visitor)).ShouldEndWith(
            Sitewide.Replace("false", "true", StringComparison.Ordinal) + "}");
    }

    [Fact]
    public void Blocks_ThatCannotBe_AreRefused()
    {
        Refuses("range", () => s_current.UserBlocksChange(Context, " ", new UserBlock(), Alice));
        Refuses("reason", () => s_current.UserBlocksChange(Context, Alice, new UserBlock(), Alice, "\ud800"));
        Refuses("id", () => BlockRestriction.OfPage(0));
    }
}
