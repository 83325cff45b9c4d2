using WikiBus.Server.Access.Keys;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class KeyDestinationsTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("FD00:0::/8", "fd00::/8")]
    [InlineData("::1", "::1/128")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10/8", null)]
    [InlineData("010.0.0.0/8", null)]
    [InlineData("::ffff:10.0.0.0/104", null)]
    [InlineData("::ffff:10.0.0.1", null)]
    [InlineData("fe80::1%1", null)]
    [InlineData("[::1]", null)]
    [InlineData("wiki.example", null)]
    [InlineData("", null)]
    public void Network_IsKeptInOneForm(string text, string? network) =>
        KeyDestinations.FindNetwork(text).ShouldBe(network);

    [Theory]
    [InlineData("wiki.example", "wiki.example")]
    [InlineData("WIKI_1", "wiki_1")]
    [InlineData("localhost", "localhost")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("bücher.example", null)]
    [InlineData("wiki.example.", null)]
    [InlineData("wiki.example:80", null)]
    [InlineData("*.example", null)]
    [InlineData("a@wiki.example", null)]
    [InlineData("wiki.example/a", null)]
    [InlineData("wiki example", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("127.1", null)]
    [InlineData("2130706433", null)]
    [InlineData("0x7f.1", null)]
    [InlineData("１２７.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("", null)]
    public void Host_IsKeptInTheFormOfRequests(string text, string? host) =>
        KeyDestinations.FindHost(text).ShouldBe(host);

    [Fact]
    public void HostThatIsTooLong_IsRefused()
    {
        var label = new string('a', 50);
        KeyDestinations.FindHost($"{label}.{label}.{label}.{label}").ShouldNotBeNull();
        KeyDestinations.FindHost($"{label}.{label}.{label}.{label}.{label}").ShouldBeNull();
    }
}
