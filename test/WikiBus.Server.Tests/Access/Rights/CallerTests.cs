using System.Text;
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
        MayPublish(caller, "mediawiki.recentchange", "wdb"u8).ShouldBeFalse();
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
    public void Subscriber_ReadsPublicStreamsOnly()
    {
        var rules = new PublicRules(["own.news"], []);
        var caller = new Caller("k", Role.Subscribe | Role.Chain, Grant.All, rules);
        caller.MayRead("own.news").ShouldBeTrue();
        caller.MayRead("own.other").ShouldBeFalse();
        MayPublish(caller, "own.news", "wdb"u8).ShouldBeFalse();
        new Caller("k", Role.Subscribe | Role.Read, Grant.All, rules).MayRead("own.other").ShouldBeTrue();
    }

    [Fact]
    public void Key_IsLimited_ToItsStreams()
    {
        var caller = new Caller("k", Role.Publish | Role.Read, new Grant(["mediawiki.*"], [], []), s_nothingPublic);
        MayPublish(caller, "mediawiki.page-create", default).ShouldBeTrue();
        MayPublish(caller, "own.news", default).ShouldBeFalse();
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

    // wikis, domains of the key; wiki, domain of the event.
    [Theory]
    [InlineData("wdb", "", "wdb", "", nameof(WikiFault.None))]
    [InlineData("wdb", "", "wdb", "w.example", nameof(WikiFault.None))]
    [InlineData("wdb", "", "other", "w.example", nameof(WikiFault.Wiki))]
    [InlineData("wdb", "", "WDB", "", nameof(WikiFault.Wiki))]
    [InlineData("wdb", "", "", "w.example", nameof(WikiFault.Domain))]
    [InlineData("wdb", "", "", "", nameof(WikiFault.Nameless))]
    [InlineData("wdb", "w.example", "wdb", "w.example", nameof(WikiFault.None))]
    [InlineData("wdb", "w.example", "wdb", "", nameof(WikiFault.None))]
    [InlineData("wdb", "w.example", "", "W.EXAMPLE", nameof(WikiFault.None))]
    [InlineData("wdb", "w.example", "wdb", "x.example", nameof(WikiFault.Domain))]
    [InlineData("wdb", "w.example", "other", "w.example", nameof(WikiFault.Wiki))]
    [InlineData("wdb", "w.example", "", "x.example", nameof(WikiFault.Domain))]
    [InlineData("", "w.example", "any", "w.example", nameof(WikiFault.None))]
    [InlineData("", "w.example", "any", "x.example", nameof(WikiFault.Domain))]
    [InlineData("", "w.example", "any", "", nameof(WikiFault.Wiki))]
    [InlineData("", "w.example", "", "", nameof(WikiFault.Nameless))]
    [InlineData("w.example", "", "", "w.example", nameof(WikiFault.None))]
    [InlineData("w.example", "", "wdb", "w.example", nameof(WikiFault.Wiki))]
    [InlineData("", "", "", "", nameof(WikiFault.None))]
    public void Key_IsLimited_ToItsWikisAndDomains(
        string wikis, string domains, string wiki, string domain, string fault)
    {
        var caller = new Caller("k", Role.Publish, new Grant([], List(wikis), List(domains)), s_nothingPublic);
        caller.FindFault(Encoding.UTF8.GetBytes(wiki), Encoding.UTF8.GetBytes(domain)).ToString().ShouldBe(fault);

        static string[] List(string item) => item.Length == 0 ? [] : [item];
    }

    [Fact]
    public void Reader_IsLimited_ToItsWikisAndDomains()
    {
        var caller = new Caller("k", Role.Read, new Grant([], ["wdb"], ["w.example"]), s_nothingPublic);
        caller.IsLimitedByWiki("own.news").ShouldBeTrue();
        caller.MayReadRecord("own.news", "wdb"u8, "w.example"u8).ShouldBeTrue();
        caller.MayReadRecord("own.news", "wdb"u8, "unknown"u8).ShouldBeTrue();
        caller.MayReadRecord("own.news", "W.example"u8, "w.example"u8).ShouldBeTrue();
        caller.MayReadRecord("own.news", "wdb"u8, "x.example"u8).ShouldBeFalse();
        caller.MayReadRecord("own.news", "other"u8, "w.example"u8).ShouldBeFalse();
        caller.MayReadRecord("own.news", "x.example"u8, "x.example"u8).ShouldBeFalse();
    }

    [Fact]
    public void Reader_MayHaveADomainAmongItsWikis()
    {
        var caller = new Caller("k", Role.Read, new Grant([], ["wdb", "w.example"], []), s_nothingPublic);
        caller.MayReadRecord("own.news", "wdb"u8, "x.example"u8).ShouldBeTrue();
        caller.MayReadRecord("own.news", "other"u8, "w.EXAMPLE"u8).ShouldBeTrue();
        caller.MayReadRecord("own.news", "other"u8, "x.example"u8).ShouldBeFalse();
    }

    [Fact]
    public void Key_LimitedToAWiki_StillReadsWhatIsPublic()
    {
        var rules = new PublicRules(["own.news"], []);
        var caller = new Caller("k", Role.Read, new Grant([], ["wdb"], []), rules);
        caller.IsLimitedByWiki("own.news").ShouldBeFalse();
        caller.MayReadRecord("own.news", "other"u8, default).ShouldBeTrue();
    }

    [Fact]
    public void Roles_AreApart_ButManageIsAll()
    {
        new Caller("k", Role.Read, Grant.All, s_nothingPublic).MayPublishTo("a").ShouldBeFalse();
        new Caller("k", Role.Publish, Grant.All, s_nothingPublic).MayRead("a").ShouldBeFalse();
        new Caller("k", Role.Publish | Role.Read, Grant.All, s_nothingPublic).MayManage.ShouldBeFalse();

        var manager = new Caller("k", Role.Manage, new Grant(["x"], ["y"], []), s_nothingPublic);
        manager.MayManage.ShouldBeTrue();
        MayPublish(manager, "a", "b"u8).ShouldBeTrue();
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

    private static bool MayPublish(Caller caller, string stream, ReadOnlySpan<byte> wiki) =>
        caller.MayPublishTo(stream) && caller.FindFault(wiki, domain: default) == WikiFault.None;

    private static Caller Anonymous(AccessOptions options) =>
        new(Caller.AnonymousId, Role.None, Grant.All, new PublicRules(options.PublicStreams, options.PublicWikis));
}
