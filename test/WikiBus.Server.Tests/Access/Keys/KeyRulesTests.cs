using WikiBus.Server.Access.Keys;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class KeyRulesTests
{
    [Fact]
    public void Request_ThatIsWhole_HasNoFault() =>
        KeyRules.FindFault(new KeyRequest
        {
            Id = "wiki-1_a", Roles = ["publish", "read", "manage"], Streams = ["mediawiki.*"], Wikis = ["wdb"],
            Domains = ["w.example"],
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
        KeyRules.FindFault(new RotateRequest { OverlapSeconds = -1 })!.ShouldStartWith("overlapSeconds:");
        KeyRules.FindFault(new RotateRequest { OverlapSeconds = 0 }).ShouldBeNull();
    }
}
