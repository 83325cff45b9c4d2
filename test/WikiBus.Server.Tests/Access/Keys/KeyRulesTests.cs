using WikiBus.Server.Access.Keys;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class KeyRulesTests
{
    [Fact]
    public void Request_ThatIsWhole_HasNoFault() =>
        KeyRules.FindFault(new KeyRequest
        {
            Id = "wiki-1_a", Roles = ["publish", "read", "manage", "subscribe", "chain"],
            Streams = ["mediawiki.*"], Wikis = ["wdb"],
            Domains = ["w.example"], Networks = ["10.0.0.0/8"], Hosts = ["w.example"],
            Secret = "12345678",
        }).ShouldBeNull();

    [Theory]
    [InlineData("A")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("admin")]
    [InlineData("anonymous")]
    [InlineData("invalid")]
    [InlineData("network")]
    [InlineData("wikibus")]
    public void Id_ThatIsNotAllowed_IsAFault(string id) =>
        KeyRules.FindFault(new KeyRequest { Id = id, Roles = ["read"] }).ShouldNotBeNull().ShouldStartWith("id:");

    [Theory]
    [InlineData("short")]
    [InlineData("with space in it")]
    [InlineData("semicolon;semicolon")]
    [InlineData("wb.looks.like-one-made-here")]
    [InlineData("ümlaut-ümlaut")]
    public void Secret_ThatCannotBeCarried_IsAFault(string secret)
    {
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Secret = secret })!.ShouldStartWith("secret:");
        KeyRules.FindFault(new RotateRequest { Secret = secret })!.ShouldStartWith("secret:");
    }

    [Fact]
    public void Roles_AreNeeded_AndKnown()
    {
        KeyRules.FindFault(new KeyRequest())!.ShouldStartWith("roles:");
        KeyRules.FindFault(new KeyRequest { Roles = [] })!.ShouldStartWith("roles:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read", "write"] })!.ShouldStartWith("roles:");
    }

    [Fact]
    public void Limits_AreChecked()
    {
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Streams = ["/x/"] })!.ShouldStartWith("streams:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Wikis = [""] })!.ShouldStartWith("wikis:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Domains = ["w.example:1"] })!.ShouldStartWith("domains:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Networks = ["10/8"] })!
            .ShouldBe("networks: '10/8' is not allowed; networks such as 10.0.0.0/8 or fd00::/8, and addresses, are");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Hosts = ["w.example:1"] })!.ShouldStartWith("hosts:");
        KeyRules.FindFault(new RotateRequest { OverlapSeconds = -1 })!.ShouldStartWith("overlapSeconds:");
        KeyRules.FindFault(new RotateRequest { OverlapSeconds = 0 }).ShouldBeNull();
    }

    [Fact]
    public void LongestLists_AreAllowed_AndNoLongerOnes()
    {
        const int Count = KeyDestinations.NetworkCountMax;
        var networks = Enumerable.Range(0, Count).Select(static number => $"10.0.0.{number}").ToList();
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Networks = networks }).ShouldBeNull();
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Networks = [.. networks, "10.1.0.0"] })!
            .ShouldStartWith($"networks: at most {Count} ");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Hosts = [.. Enumerable.Repeat("w", 101)] })!
            .ShouldStartWith($"hosts: at most {KeyDestinations.HostCountMax} ");
    }

    [Fact]
    public void ListWithNull_IsAFault()
    {
        IReadOnlyList<string> list = [null!];
        KeyRules.FindFault(new KeyRequest { Roles = list })!.ShouldStartWith("roles:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Streams = list })!.ShouldStartWith("streams:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Wikis = list })!.ShouldStartWith("wikis:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Domains = list })!.ShouldStartWith("domains:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Networks = list })!.ShouldStartWith("networks:");
        KeyRules.FindFault(new KeyRequest { Roles = ["read"], Hosts = list })!.ShouldStartWith("hosts:");
    }

    [Fact]
    public void Replacement_NeedsTheIdOfItsPathOrNone_AndNoSecret()
    {
        var request = new KeyRequest { Roles = ["read"] };
        KeyRules.FindFaultOfReplacement(request, "a").ShouldBeNull();
        KeyRules.FindFaultOfReplacement(request with { Id = "a" }, "a").ShouldBeNull();
        KeyRules.FindFaultOfReplacement(request with { Id = "b" }, "a")!.ShouldStartWith("id:");
        KeyRules.FindFaultOfReplacement(request with { Secret = "12345678" }, "a")!.ShouldStartWith("secret:");
        KeyRules.FindFaultOfReplacement(new KeyRequest(), "a")!.ShouldStartWith("roles:");
    }
}
