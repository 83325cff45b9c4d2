using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class TargetNetworksTests
{
    [Fact]
    public void SameEntriesInAnotherOrder_AreEqual()
    {
        var one = new TargetNetworks(["10.0.0.0/8", "fd00::/8"], ["Wiki.example.", "b"]);
        var other = new TargetNetworks(["FD00::/8", "10.0.0.0/8", "10.0.0.0/8"], ["b", "wiki.example"]);

        one.ShouldBe(other);
        one.GetHashCode().ShouldBe(other.GetHashCode());
    }

    [Fact]
    public void OtherEntries_AreNotEqual()
    {
        var one = new TargetNetworks(["10.0.0.0/8"], []);

        one.ShouldNotBe(TargetNetworks.None);
        one.ShouldNotBe(new TargetNetworks(["10.0.0.0/8"], ["b"]));
        one.ShouldNotBe(new TargetNetworks(["10.0.0.0/9"], []));
    }

    [Theory]
    [InlineData("wiki.example", true)]
    [InlineData("WIKI.example.", true)]
    [InlineData("a.wiki.example", false)]
    [InlineData("wiki.example.org", false)]
    public void Host_IsComparedAsAWholeAndIgnoringCase(string host, bool isListed) =>
        new TargetNetworks([], ["Wiki.Example"]).HasHost(host).ShouldBe(isListed);

    [Theory]
    [InlineData("wiki", true)]
    [InlineData("wiki-1.example.org", true)]
    [InlineData("wiki.example.org.", true)]
    [InlineData("_srv.example", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a..b", false)]
    [InlineData("*.example.org", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.1", false)]
    [InlineData("0x7f000001", false)]
    [InlineData("::1", false)]
    [InlineData("wiki:80", false)]
    [InlineData("http://wiki", false)]
    public void EntryForHosts_IsAName(string text, bool isHost) => TargetNetworks.IsHost(text).ShouldBe(isHost);

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("::1", true)]
    [InlineData("10", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("wiki", false)]
    public void EntryForNetworks_IsANetworkOrAnAddress(string text, bool isNetwork) =>
        TargetNetworks.IsNetwork(text).ShouldBe(isNetwork);
}
