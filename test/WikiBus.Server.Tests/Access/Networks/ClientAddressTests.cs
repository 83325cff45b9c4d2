using System.Net;
using Microsoft.AspNetCore.Http;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Tests.Access.Networks;

public sealed class ClientAddressTests
{
    private static readonly AccessOptions s_defaults = new();

    private static readonly AccessOptions s_withProxies = new()
    {
        TrustedNetworks = ["127.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"],
        TrustedProxies = ["192.0.2.1", "192.0.2.2", "127.0.0.9"],
    };

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.7.6", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("2001:db8::1", false)]
    public void Loopback_IsTrusted_ByDefault(string peer, bool isTrusted) =>
        Addresses(s_defaults).IsTrusted(Request(peer)).ShouldBe(isTrusted);

    [Theory]
    [InlineData("Origin: null")]
    [InlineData("sec-fetch-site: none")]
    [InlineData("Forwarded: for=127.0.0.1")]
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("x-forwarded-proto: https")]
    [InlineData("X-Forwarded-Anything: x")]
    [InlineData("Via: 1.1 wikibus")]
    [InlineData("X-Real-Ip: 127.0.0.1")]
    public void Loopback_ThatSpeaksForSomebodyElse_IsNotTrusted(string header) =>
        Addresses(s_defaults).IsTrusted(Request("127.0.0.1", header)).ShouldBeFalse();

    [Theory]
    [InlineData("Host: localhost")]
    [InlineData("X-Request-Id: 1")]
    [InlineData("X-Client-Ip: 1.2.3.4")]
    [InlineData("User-Agent: curl")]
    public void Loopback_WithOtherHeaders_IsTrusted(string header) =>
        Addresses(s_defaults).IsTrusted(Request("127.0.0.1", header)).ShouldBeTrue();

    [Theory]
    [InlineData("10.1.2.3", true, "10.1.2.3")]
    [InlineData("10.1.2.3:1234", true, "10.1.2.3")]
    [InlineData("[2001:db8::5]:1234", true, "2001:db8::5")]
    [InlineData("2001:db8::5", true, "2001:db8::5")]
    [InlineData("::ffff:10.1.2.3", true, "10.1.2.3")]
    [InlineData("203.0.113.7", false, "203.0.113.7")]
    [InlineData("10.1.2.3, 203.0.113.7", false, "203.0.113.7")]
    [InlineData("203.0.113.7, 10.1.2.3", true, "10.1.2.3")]
    [InlineData("10.1.2.3, 192.0.2.2", true, "10.1.2.3")]
    [InlineData("192.0.2.2", false, "192.0.2.1")]
    [InlineData("unknown", false, "192.0.2.1")]
    [InlineData("10.1.2.3, _hidden", false, "192.0.2.1")]
    [InlineData("10", false, "192.0.2.1")]
    [InlineData("", false, "192.0.2.1")]
    [InlineData("10.1.2.3,", false, "192.0.2.1")]
    public void TrustedProxy_SaysWhoseRequestItIs(string forwardedFor, bool isTrusted, string address)
    {
        var addresses = Addresses(s_withProxies);
        var request = Request(
            "192.0.2.1", "X-Forwarded-For: " + forwardedFor, "X-Forwarded-Proto: https", "Via: 1.1 nginx");
        addresses.IsTrusted(request).ShouldBe(isTrusted);
        addresses.Of(request).ShouldBe(IPAddress.Parse(address));
    }

    [Theory]
    [InlineData("for=10.1.2.3;proto=https;by=192.0.2.1", true)]
    [InlineData("proto=https; For=\"[2001:db8::5]:80\"", true)]
    [InlineData("for=10.1.2.3, for=203.0.113.7", false)]
    [InlineData("proto=https", false)]
    [InlineData("for=unknown", false)]
    [InlineData("for=203.0.113.7;host=\"a,for=10.1.2.3\"", false)]
    [InlineData("for=203.0.113.7;host=\"a;for=10.1.2.3;b\"", false)]
    [InlineData("for=203.0.113.7;host=\"\\\",for=10.1.2.3\"", false)]
    [InlineData("for=10.1.2.3;for=203.0.113.7", false)]
    [InlineData("for=10.1.2.3;host=\"a,b;c\"", true)]
    public void TrustedProxy_MayUseTheStandardHeader(string forwarded, bool isTrusted) =>
        Addresses(s_withProxies).IsTrusted(Request("192.0.2.1", "Forwarded: " + forwarded)).ShouldBe(isTrusted);

    [Fact]
    public void TrustedProxy_WithTwoAccounts_IsBelievedIfBothAreTrusted()
    {
        var addresses = Addresses(s_withProxies);
        addresses.IsTrusted(Request("192.0.2.1", "X-Forwarded-For: 10.1.2.3", "Forwarded: for=203.0.113.7"))
            .ShouldBeFalse();
        addresses.IsTrusted(Request("192.0.2.1", "X-Forwarded-For: 203.0.113.7", "Forwarded: for=10.1.2.3"))
            .ShouldBeFalse();
        addresses.IsTrusted(Request("192.0.2.1", "X-Forwarded-For: 10.1.2.3", "Forwarded: for=10.1.2.4"))
            .ShouldBeTrue();
    }

    [Theory]
    [InlineData("Origin: https://page.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Via: 1.1 wikibus, 1.1 nginx")]
    public void TrustedProxy_DoesNotMakeAPageOrOurselvesTrusted(string header) =>
        Addresses(s_withProxies).IsTrusted(Request("192.0.2.1", "X-Forwarded-For: 10.1.2.3", header))
            .ShouldBeFalse();

    [Fact]
    public void TrustedProxy_ItselfWithoutForwarding_IsNotTrusted() =>
        Addresses(s_withProxies).IsTrusted(Request("127.0.0.9")).ShouldBeFalse();

    [Fact]
    public void OtherPeer_IsWhoItIs_WhateverItSays()
    {
        var addresses = Addresses(s_withProxies);
        var request = Request("203.0.113.7", "X-Forwarded-For: 10.1.2.3");
        addresses.Of(request).ShouldBe(IPAddress.Parse("203.0.113.7"));
        addresses.IsTrusted(request).ShouldBeFalse();
    }

    [Fact]
    public void UnixSocket_HasNoAddressAndNoTrust()
    {
        var addresses = Addresses(s_defaults);
        addresses.Of(new DefaultHttpContext()).ShouldBe(IPAddress.None);
        addresses.IsTrusted(new DefaultHttpContext()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("10.0.0.1/8", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10", false)]
    [InlineData("10/8", false)]
    [InlineData("010.0.0.0/8", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("0x0a.0.0.0/8", false)]
    [InlineData("[::1]:80", false)]
    [InlineData("localhost", false)]
    [InlineData("", false)]
    public void Network_IsChecked(string network, bool isValid)
    {
        NetworkList.TryParse(network, out _).ShouldBe(isValid);
        new AccessOptions { TrustedProxies = [network] }.Validate().Count().ShouldBe(isValid ? 0 : 1);
        new AccessOptions { TrustedNetworks = [network] }.Validate().Count().ShouldBe(isValid ? 0 : 1);
    }

    private static ClientAddress Addresses(AccessOptions options) =>
        new(options.TrustedNetworks, options.TrustedProxies);

    private static DefaultHttpContext Request(string peer, params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            context.Request.Headers[parts[0]] = parts[1];
        }

        return context;
    }
}
