using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Tests.Access.Rights;

public sealed class CallerTests
{
    private static readonly PublicRules s_nothingPublic = new([], []);

    [Fact]
    public void Anonymous_ReadsPublicStreamsOnly()
    {
        var caller = Anonymous(new AccessOptions { PublicStreams = ["eventstreams", "own.news"] });
        caller.MayRead("mediawiki.recentchange").ShouldBeTrue();
        caller.MayRead("own.news").ShouldBeTrue();
        caller.MayRead("own.other").ShouldBeFalse();
        caller.MayRead("mediawiki.page-restrictions-change").ShouldBeFalse();
        caller.MayPublish("mediawiki.recentchange", "wdb"u8).ShouldBeFalse();
        caller.IsLimitedByWiki("mediawiki.recentchange").ShouldBeFalse();
        Anonymous(new AccessOptions()).MayRead("mediawiki.recentchange").ShouldBeFalse();
    }

    [Fact]
    public void Anonymous_ReadsPublicWikisOnly()
    {
        var caller = Anonymous(new AccessOptions { PublicStreams = ["eventstreams"], PublicWikis = ["w.example"] });
        caller.IsLimitedByWiki("mediawiki.recentchange").ShouldBeTrue();
        caller.MayReadRecord("mediawiki.recentchange", "wdb"u8, "W.example"u8).ShouldBeTrue();
        caller.MayReadRecord("mediawiki.recentchange", "w.example"u8, "x.example"u8).ShouldBeFalse();
        caller.MayReadRecord("mediawiki.page-suppress", "wdb"u8, "w.example"u8).ShouldBeFalse();
    }

    [Theory]
    [InlineData("mediawiki.job.refreshLinks")]
    [InlineData("mediawiki.page-suppress")]
    [InlineData("resource-purge")]
    [InlineData("resource_change")]
    [InlineData("eventgate-main.error.validation")]
    [InlineData("deki.pages.update")]
    [InlineData("dream.other")]
    public void PrivateStreams_AreNeverPublic(string stream)
    {
        var options = new AccessOptions { PublicStreams = [stream] };
        Anonymous(options).MayRead(stream).ShouldBeFalse();
        options.Validate().ShouldHaveSingleItem().Key.ShouldBe("Access:PublicStreams");
    }

    [Fact]
    public void StreamKeptPrivate_IsNoLongerPublic()
    {
        var rules = new PublicRules(["own.news"], []);
        var caller = new Caller(Caller.AnonymousId, Role.None, Grant.All, rules);
        rules.KeepPrivate("own.news");
        caller.MayRead("own.news").ShouldBeFalse();
    }

    [Fact]
    public void Key_IsLimited_ToItsStreams()
    {
        var caller = new Caller("k", Role.Publish | Role.Read, new Grant(["mediawiki.*"], []), s_nothingPublic);
        caller.MayPublish("mediawiki.page-create", default).ShouldBeTrue();
        caller.MayPublish("own.news", default).ShouldBeFalse();
        caller.MayRead("mediawiki.page-suppress").ShouldBeTrue();
        caller.MayRead("own.news").ShouldBeFalse();
    }

    [Fact]
    public void Key_IsAskedForEachRecord_SinceItMayBeRevoked()
    {
        var rules = new PublicRules(["own.news"], []);
        new Caller("k", Role.Read, Grant.All, rules).IsLimitedByWiki("own.other").ShouldBeTrue();
        new Caller("k", Role.Read, Grant.All, rules).IsLimitedByWiki("own.news").ShouldBeFalse();
        new Caller(Caller.NetworkId, Role.Read, Grant.All, rules).IsLimitedByWiki("own.other").ShouldBeFalse();
    }

    [Fact]
    public void Key_IsLimited_ToItsWikis()
    {
        var caller = new Caller("k", Role.Publish | Role.Read, new Grant([], ["wdb", "w.example"]), s_nothingPublic);
        caller.MayPublish("own.news", "wdb"u8).ShouldBeTrue();
        caller.MayPublish("own.news", "other"u8).ShouldBeFalse();
        caller.MayPublish("own.news", default).ShouldBeFalse();
        caller.IsLimitedByWiki("own.news").ShouldBeTrue();
        caller.MayReadRecord("own.news", "other"u8, "W.EXAMPLE"u8).ShouldBeTrue();
        caller.MayReadRecord("own.news", "other"u8, "x.example"u8).ShouldBeFalse();
        caller.MayReadRecord("own.news", "WDB"u8, default).ShouldBeFalse();
    }

    [Fact]
    public void Key_LimitedToAWiki_StillReadsWhatIsPublic()
    {
        var rules = new PublicRules(["own.news"], []);
        var caller = new Caller("k", Role.Read, new Grant([], ["wdb"]), rules);
        caller.IsLimitedByWiki("own.news").ShouldBeFalse();
        caller.MayReadRecord("own.news", "other"u8, default).ShouldBeTrue();
    }

    [Fact]
    public void Roles_AreApart_ButManageIsAll()
    {
        new Caller("k", Role.Read, Grant.All, s_nothingPublic).MayPublish("a", default).ShouldBeFalse();
        new Caller("k", Role.Publish, Grant.All, s_nothingPublic).MayRead("a").ShouldBeFalse();
        new Caller("k", Role.Publish | Role.Read, Grant.All, s_nothingPublic).MayManage.ShouldBeFalse();

        var manager = new Caller("k", Role.Manage, new Grant(["x"], ["y"]), s_nothingPublic);
        manager.MayManage.ShouldBeTrue();
        manager.MayPublish("a", "b"u8).ShouldBeTrue();
        manager.MayReadRecord("a", "b"u8, default).ShouldBeTrue();
    }

    [Fact]
    public void RevokedCaller_LosesItsRights_ButNotWhatIsPublic()
    {
        var rules = new PublicRules(["own.news"], []);
        var caller = new Caller("k", Role.Manage, Grant.All, rules);
        caller.Revoke();
        caller.MayManage.ShouldBeFalse();
        caller.MayRead("own.other").ShouldBeFalse();
        caller.MayRead("own.news").ShouldBeTrue();
    }

    private static Caller Anonymous(AccessOptions options) =>
        new(Caller.AnonymousId, Role.None, Grant.All, new PublicRules(options.PublicStreams, options.PublicWikis));
}
