using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.ChangeSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class StreamNameMapTests
{
    [Fact]
    public void Streams_OfChanges_HaveTheirOtherNames()
    {
        var builders = new MediaWikiEvents(Site, streamNames: new Dictionary<string, string>
        {
            ["mediawiki.user_change.v1"] = "other.users",
            ["resource_change"] = "other.resources",
        });

        var user = builders.UserChangeCreate(Context, Alice, Steward);
        user.Stream.ShouldBe("other.users");
        TextOf(user).ShouldContain("\"stream\":\"other.users\"");
        builders.PageChangeCreate(Context, Revision, Alice).Stream.ShouldBe("mediawiki.page_change.v1");
        builders.NullEdit(Context, Revision.Page).Stream.ShouldBe("resource_change", "its name is fixed");
    }
}
