using System.Net;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class TargetUrlTests
{
    private readonly ScriptedNetwork _network = new(new Recipient().ServeAsync) { Own = [IPAddress.Parse("5.6.7.8")] };
    private readonly TargetUrl _urls;

    public TargetUrlTests() => _urls = new TargetUrl(new AddressRules(_network, new FakeTimeProvider()));

    [Theory]
    [MemberData(nameof(HostileUrls.BlockedAtCreation), MemberType = typeof(HostileUrls))]
    public void HostileUrl_IsRefused(string url, string reason)
    {
        _urls.TryParse(url, TargetNetworks.None, out var uri, out var fault).ShouldBeFalse();

        uri.ShouldBeNull();
        fault.ShouldContain(reason);
    }

    [Theory]
    [InlineData("http://example.org")]
    [InlineData("HTTPS://Example.org:8443/a/b?c=d&e=@f%20")]
    [InlineData("https://example.org./")]
    [InlineData("http://8.8.8.8/")]
    [InlineData("http://[2606:4700::1111]:81/")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("http://wiki/hook")]
    [InlineData("https://example.org/path:with@signs")]
    public void OrdinaryUrl_IsAccepted(string url)
    {
        _urls.TryParse(url, TargetNetworks.None, out var uri, out var fault).ShouldBeTrue(fault);

        uri.ShouldBe(new Uri(url));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000/", "127.0.0.0/8", "")]
    [InlineData("http://[::1]:9000/", "::1", "")]
    [InlineData("http://localhost:9000/", "127.0.0.0/8", "")]
    [InlineData("http://localhost:9000/", "::1", "")]
    [InlineData("http://localhost:9000/", "", "localhost")]
    [InlineData("http://10.1.2.3/", "10.0.0.0/8", "")]
    [InlineData("http://0x7f.1/", "127.0.0.0/8", "")]
    [InlineData("http://5.6.7.8/", "5.6.7.8", "")]
    public void ListedTarget_IsAccepted(string url, string network, string host)
    {
        var allowed = new TargetNetworks(network.Length > 0 ? [network] : [], host.Length > 0 ? [host] : []);

        _urls.TryParse(url, allowed, out _, out var fault).ShouldBeTrue(fault);
    }

    [Theory]
    [InlineData("http://10.1.2.3/", "10.1.2.3 is in 10.0.0.0/8", "10.1.2.3/32")]
    [InlineData("http://[::ffff:a01:203]/", "10.1.2.3 is in 10.0.0.0/8", "10.1.2.3/32")]
    [InlineData("http://[fd00::1]/", "fd00::1 is in fc00::/7", "fd00::1/128")]
    [InlineData("http://localhost/", "127.0.0.1 is in 127.0.0.0/8", "127.0.0.1/32")]
    public void BlockedTarget_IsExplainedWithTheNetworkThatIsMissing(string url, string reason, string network)
    {
        _urls.TryParse(url, TargetNetworks.None, out _, out var fault).ShouldBeFalse();

        fault.ShouldBe($"The target is blocked: {reason}. "
            + $"A network such as {network} in the key, or in Deliveries:AllowedNetworks, would allow it.");
        _urls.TryParse(url, new TargetNetworks([network], []), out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void TargetThatIsNeverAllowed_IsExplained()
    {
        _urls.TryParse("http://0/", new TargetNetworks(["0.0.0.0/0"], []), out _, out var fault).ShouldBeFalse();

        fault.ShouldBe("The target is blocked: 0.0.0.0 is in 0.0.0.0/8, which is never allowed.");
    }

    [Fact]
    public void UrlAtTheLimit_IsAccepted()
    {
        var url = "http://a.example/".PadRight(TargetUrl.LengthMax, 'a');

        _urls.TryParse(url, TargetNetworks.None, out _, out _).ShouldBeTrue();
        _urls.TryParse(url + "a", TargetNetworks.None, out _, out var fault).ShouldBeFalse();
        fault.ShouldContain("2000");
    }
}
