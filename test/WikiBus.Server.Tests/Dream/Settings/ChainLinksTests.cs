using Microsoft.Extensions.Configuration;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Options;

namespace WikiBus.Server.Tests.Dream.Settings;

/// <summary>How the configuration names other services.</summary>
public sealed class ChainLinksTests
{
    private readonly OptionFaults _faults = new();

    [Fact]
    public void Links_AreReadFromBothLists_UpstreamFirst()
    {
        Read(
            ("Downstream:0:Uri", "http://b/pubsub/subscribers"), ("Downstream:0:Key", "k"),
            ("Upstream:0:uri", "https://a/pubsub/subscribers"), ("Upstream:1:URI", "http://c/"),
            ("Upstream:1:key", "~ !")).ShouldBe(
        [
            new ChainLink(new Uri("https://a/pubsub/subscribers"), "", IsUpstream: true),
            new ChainLink(new Uri("http://c/"), "~ !", IsUpstream: true),
            new ChainLink(new Uri("http://b/pubsub/subscribers"), "k", IsUpstream: false),
        ]);
        _faults.All.ShouldBeEmpty();
    }

    [Fact]
    public void WithoutConfiguration_ThereAreNone()
    {
        Read(("Path", "/pubsub"), ("Upstream", "")).ShouldBeEmpty();
        _faults.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Key", "k", "Uri: the http(s) URL")]
    [InlineData("Uri", "", "Uri: the http(s) URL")]
    [InlineData("Uri", "b/subscribers", "Uri: the http(s) URL")]
    [InlineData("Uri", "ftp://b/subscribers", "Uri: the http(s) URL")]
    [InlineData("Uri", "http://user:pass@b/subscribers", "Uri: the http(s) URL")]
    [InlineData("Url", "http://b/subscribers", "Url: there is no such member; Uri and Key are allowed")]
    [InlineData("Key", "a\u0019", "Key: printable ASCII is allowed", true)]
    [InlineData("Key", "a\u007f", "Key: printable ASCII is allowed", true)]
    [InlineData("Key", "\u00fc", "Key: printable ASCII is allowed", true)]
    [InlineData("Extra", "x", "Extra: there is no such member", true)]
    [InlineData("Extra:Inner", "x", "Extra: there is no such member", true)]
    public void EntryAtFault_IsReportedWithItsPlace_AndLeftOut(
        string member, string value, string message, bool hasUri = false)
    {
        var links = Read(
            ("Downstream:0:Uri", "http://a/subscribers"), ($"Downstream:1:{member}", value),
            ("Downstream:2:Uri", "http://c/subscribers"),
            hasUri ? ("Downstream:1:Uri", "http://b/subscribers") : ("Path", "/pubsub"));
        links.Select(static link => link.Uri.Host).ShouldBe(["a", "c"]);
        var fault = _faults.All.ShouldHaveSingleItem();
        fault.Key.ShouldBe("Dream:Downstream:1");
        fault.Message.ShouldStartWith(message);
    }

    /// <summary>Messages about faults are logged.</summary>
    [Fact]
    public void FaultOfAKey_DoesNotRepeatIt()
    {
        Read(("Upstream:0:Uri", "http://a/"), ("Upstream:0:Key", "secret\n")).ShouldBeEmpty();
        _faults.All.ShouldHaveSingleItem().ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(ChainLinks.CountMax, true)]
    [InlineData(ChainLinks.CountMax + 1, false)]
    public void ListThatIsTooLong_IsAFault(int count, bool isRead)
    {
        var links = Read([
            ("Downstream:0:Uri", "http://b/"),
            .. Enumerable.Range(0, count).Select(static number => ($"Upstream:{number}:Uri", $"http://a{number}/")),
        ]);
        links.Count.ShouldBe(isRead ? count + 1 : 1);
        _faults.All.Select(static fault => fault.ToString()).ShouldBe(
            isRead ? [] : ["Dream:Upstream: a list of at most 100 objects is allowed"]);
    }

    [Fact]
    public void ValueInsteadOfAList_IsAFault()
    {
        Read(("Upstream", "http://a/"), ("Downstream:0:Uri", "http://b/")).Count.ShouldBe(1);
        _faults.All.ShouldHaveSingleItem().Key.ShouldBe("Dream:Upstream");
    }

    [Theory]
    [InlineData("http://a:81/x/pubsub/subscribers", "http://a:81/x/pubsub")]
    [InlineData("http://a/pubsub/Subscribers/?apikey=1#f", "http://a/pubsub")]
    [InlineData("http://a/pubsub/", "http://a/pubsub")]
    [InlineData("http://a/mysubscribers", "http://a/mysubscribers")]
    public void Service_IsAboveItsSubscribers(string uri, string service) =>
        new ChainLink(new Uri(uri), "", IsUpstream: true).Service.ShouldBe(service);

    private IReadOnlyList<ChainLink> Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(static one => KeyValuePair.Create($"Dream:{one.Key}", (string?)one.Value))).Build();
        return ChainLinks.Read(configuration, _faults).All;
    }
}
