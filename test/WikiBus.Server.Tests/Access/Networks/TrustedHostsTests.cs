using Microsoft.AspNetCore.Http;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Tests.Access.Networks;

public sealed class TrustedHostsTests
{
    private static readonly TrustedHosts s_hosts = new(["wikibus", "Bus.Example.org", "bücher.example"]);

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost:8192", true)]
    [InlineData("localhost.:8192", true)]
    [InlineData("bus.localhost:8192", true)]
    [InlineData("127.0.0.1:8192", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("[::1]:8192", true)]
    [InlineData("[2001:db8::5]", true)]
    [InlineData("wikibus:8192", true)]
    [InlineData("WIKIBUS", true)]
    [InlineData("bus.example.org.", true)]
    [InlineData("xn--bcher-kva.example:80", true)]
    [InlineData("XN--bcher-kva.example", true)]
    [InlineData("xn--", false)]
    [InlineData("xn--localhost-", false)]
    [InlineData("evil.example:8192", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("evil.wikibus", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", true)]
    public void Host_IsOurs_OrMayBeAnybodys(string host, bool isTrusted) =>
        s_hosts.Contains(new HostString(host)).ShouldBe(isTrusted);

    [Fact]
    public void NoHost_IsOneOfAScript() => s_hosts.Contains(default).ShouldBeTrue();

    [Theory]
    [InlineData("wikibus", true)]
    [InlineData("bus.example.org", true)]
    [InlineData("wikibus:8192", false)]
    [InlineData("http://wikibus", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("wikibus.", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    public void Option_TakesNamesWithoutAPort(string name, bool isValid)
    {
        var faults = new AccessOptions { TrustedHosts = [name] }.Validate().ToList();
        faults.Count.ShouldBe(isValid ? 0 : 1);
        faults.ShouldAllBe(fault => fault.Key == "Access:TrustedHosts");
    }
}
