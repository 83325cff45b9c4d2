using System.Net;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class AddressRulesTests
{
    private const string Everything = "0.0.0.0/0 ::/0";

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedNetwork _network = new(new Recipient().ServeAsync);
    private readonly AddressRules _rules;

    public AddressRulesTests() => _rules = new AddressRules(_network, _time);

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0/8")]
    [InlineData("0.1.2.3", "0.0.0.0/8")]
    [InlineData("10.0.0.0", "10.0.0.0/8")]
    [InlineData("10.255.255.255", "10.0.0.0/8")]
    [InlineData("100.64.0.1", "100.64.0.0/10")]
    [InlineData("100.127.255.255", "100.64.0.0/10")]
    [InlineData("127.0.0.1", "127.0.0.0/8")]
    [InlineData("127.255.255.254", "127.0.0.0/8")]
    [InlineData("169.254.169.254", "169.254.0.0/16")]
    [InlineData("172.16.0.1", "172.16.0.0/12")]
    [InlineData("172.31.255.255", "172.16.0.0/12")]
    [InlineData("192.0.0.1", "192.0.0.0/24")]
    [InlineData("192.0.0.192", "192.0.0.0/24")]
    [InlineData("192.0.2.1", "192.0.2.0/24")]
    [InlineData("192.88.99.1", "192.88.99.0/24")]
    [InlineData("192.168.1.1", "192.168.0.0/16")]
    [InlineData("198.18.0.1", "198.18.0.0/15")]
    [InlineData("198.19.255.255", "198.18.0.0/15")]
    [InlineData("198.51.100.1", "198.51.100.0/24")]
    [InlineData("203.0.113.1", "203.0.113.0/24")]
    [InlineData("224.0.0.1", "224.0.0.0/4")]
    [InlineData("239.255.255.255", "224.0.0.0/4")]
    [InlineData("240.0.0.1", "240.0.0.0/4")]
    [InlineData("255.255.255.255", "255.255.255.255/32")]
    [InlineData("::", "::/128")]
    [InlineData("::1", "::1/128")]
    [InlineData("::127.0.0.1", "::/96")]
    [InlineData("::8.8.8.8", "::/96")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.0/8")]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8")]
    [InlineData("::ffff:a9fe:a9fe", "169.254.0.0/16")]
    [InlineData("::ffff:0:127.0.0.1", "::ffff:0:0:0/96")]
    [InlineData("64:ff9b::7f00:1", "64:ff9b::/96")]
    [InlineData("64:ff9b:1::7f00:1", "64:ff9b:1::/48")]
    [InlineData("100::1", "100::/64")]
    [InlineData("2001::1", "2001::/23")]
    [InlineData("2001:db8::1", "2001:db8::/32")]
    [InlineData("2002:7f00:1::1", "2002::/16")]
    [InlineData("3fff::1", "3fff::/20")]
    [InlineData("5f00::1", "5f00::/16")]
    [InlineData("fc00::1", "fc00::/7")]
    [InlineData("fd00:ec2::254", "fc00::/7")]
    [InlineData("fe80::1", "fe80::/10")]
    [InlineData("febf::1", "fe80::/10")]
    [InlineData("fec0::1", "fec0::/10")]
    [InlineData("ff02::1", "ff00::/8")]
    public void AddressThatIsNotPublic_IsBlockedWithItsNetwork(string address, string network) =>
        Fault(address)!.ShouldContain($" is in {network}");

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("::ffff:8.8.8.8")]
    public void PublicAddress_IsAllowed(string address) => Fault(address).ShouldBeNull();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.0/8")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("10.1.2.3", "10.1.0.0/16 192.168.0.0/16")]
    [InlineData("::1", "::1/128")]
    [InlineData("fd00::1", "fd00::/8")]
    public void ListedNetwork_IsAllowed(string address, string networks) => Fault(address, networks).ShouldBeNull();

    [Theory]
    [InlineData("10.1.2.3", "10.2.0.0/16")]
    [InlineData("127.0.0.1", "::1/128")]
    [InlineData("0.0.0.0", Everything)]
    [InlineData("::", Everything)]
    [InlineData("::ffff:0.0.0.0", Everything)]
    [InlineData("224.0.0.1", Everything)]
    [InlineData("255.255.255.255", Everything)]
    [InlineData("ff02::1", Everything)]
    [InlineData("fe80::1%3", Everything)]
    [InlineData("::ffff:127.0.0.1%3", Everything)]
    public void WhatNoListedNetworkAllows_IsBlocked(string address, string networks) =>
        Fault(address, networks).ShouldNotBeNull();

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("fe80::1%3", false)]
    public void AddressOfListedHost_IsAllowedUnlessItIsNoTarget(string address, bool isAllowed) =>
        (_rules.FindFault(IPAddress.Parse(address), TargetNetworks.None, isHostAllowed: true) is null)
            .ShouldBe(isAllowed);

    [Fact]
    public void AddressOfThisMachine_IsBlockedAlsoWhenPublic()
    {
        _network.Own = [IPAddress.Parse("::ffff:5.6.7.8")];

        Fault("5.6.7.8")!.ShouldContain("of the machine");
        Fault("5.6.7.8", "5.6.7.8").ShouldBeNull();
        Fault("5.6.7.9").ShouldBeNull();
    }

    [Fact]
    public void NewAddressOfThisMachine_IsBlockedSoon()
    {
        Fault("5.6.7.8").ShouldBeNull();
        _network.Own = [IPAddress.Parse("5.6.7.8")];

        _time.Advance(AddressRules.OwnAddressAgeMax);

        Fault("5.6.7.8").ShouldNotBeNull();
    }

    private string? Fault(string address, string networks = "") => _rules.FindFault(
        IPAddress.Parse(address), new TargetNetworks(networks.Split(' ', StringSplitOptions.RemoveEmptyEntries), []));
}
