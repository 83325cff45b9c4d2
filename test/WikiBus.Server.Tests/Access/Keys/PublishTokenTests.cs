using System.Buffers.Text;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Tests.Access.Keys;

/// <summary>Tokens of keys, with which other services publish.</summary>
public sealed class PublishTokenTests : KeyStoreScene
{
    private static readonly KeyRequest s_chain = new()
    {
        Id = "other",
        Roles = ["chain", "read", "subscribe"],
        Wikis = ["default"],
    };

    [Fact]
    public async Task Token_OpensPublishOnly_WithTheLimitsOfItsKey()
    {
        await Keys.CreateAsync(s_chain);
        var caller = (await FindAsync(Keys.FindPublishToken("other")!)).ShouldNotBeNull();
        caller.Id.ShouldBe("other");
        caller.Roles.ShouldBe(Role.Publish);
        caller.FindFault("default"u8, default).ShouldBe(WikiFault.None);
        caller.FindFault("another"u8, default).ShouldBe(WikiFault.Wiki);
    }

    [Fact]
    public async Task Token_EndsWithItsKey_AlsoForACallerThatUsesIt()
    {
        await Keys.CreateAsync(s_chain);
        var token = Keys.FindPublishToken("other")!;
        var caller = await FindAsync(token);
        await Keys.RevokeAsync("other");
        (await FindAsync(token)).ShouldBeNull();
        caller!.HasEnded.ShouldBeTrue();
        Keys.FindPublishToken("other").ShouldBeNull();
    }

    [Fact]
    public async Task KeyThatMayNotPublish_HasNoToken()
    {
        await Keys.CreateAsync(s_chain);
        var token = Keys.FindPublishToken("other")!;
        await Keys.ReplaceAsync("other", s_chain with { Roles = ["read", "subscribe"] });
        (await FindAsync(token)).ShouldBeNull();
        Keys.FindPublishToken("other").ShouldBeNull();
    }

    [Fact]
    public async Task Token_StaysTheSameOverAStart_AndIsNotThatOfAnotherBus()
    {
        await Keys.CreateAsync(s_chain);
        var token = Keys.FindPublishToken("other")!;
        Close();
        Open();
        (await FindAsync(token)).ShouldNotBeNull();
        (await FindAsync(new PublishTokens(new byte[32]).Make("other"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("wbp.")]
    [InlineData("wbp.other")]
    [InlineData("wbp.other.")]
    [InlineData("wbp..AAAA")]
    public async Task TextThatIsNoToken_FindsNobody(string text)
    {
        await Keys.CreateAsync(s_chain);
        (await FindAsync(text)).ShouldBeNull();
        (await FindAsync(Keys.FindPublishToken("other") + "=")).ShouldBeNull();
        KeySecret.IsGivable(text + "12345678").ShouldBeFalse();
    }

    [Fact]
    public void KeyIdWithADot_IsFoundAgain()
    {
        var tokens = new PublishTokens(new byte[32]);
        tokens.KeyIdOf(tokens.Make("a.b")).ShouldBe("a.b");
    }

    [Fact]
    public async Task TokenOfTheConfiguration_OpensPublish_WhileTheConfigurationHasItsService()
    {
        var token = Keys.FindPublishToken(ConfiguredPublisher).ShouldNotBeNull();
        var caller = (await FindAsync(token)).ShouldNotBeNull();
        caller.Id.ShouldBe(Caller.ConfigurationId);
        caller.Roles.ShouldBe(Role.Publish);
        Keys.FindPublishToken(ConfiguredPublisher + "2").ShouldBeNull();
        Keys.FindPublishToken(Caller.ConfigurationId).ShouldBeNull();
    }

    /// <summary>Other services get derived secrets, so these must not say anything about a token.</summary>
    [Fact]
    public void DerivedSecret_IsNoPartOfAToken_AndDependsOnPurposeAndBus()
    {
        var tokens = new PublishTokens(new byte[32]);
        var secret = tokens.Derive("other");
        secret.Length.ShouldBe(32);
        secret.ShouldAllBe(static c => char.IsAsciiLetterOrDigit(c));
        tokens.Derive("other").ShouldBe(secret);
        tokens.Derive("another").ShouldNotBe(secret);
        new PublishTokens([1]).Derive("other").ShouldNotBe(secret);
        var mac = Convert.ToHexStringLower(Base64Url.DecodeFromChars(tokens.Make("other").Split('.')[^1]));
        mac.ShouldNotStartWith(secret);
    }
}
