using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Tests.Webhooks.Signing;

public sealed class SigningSecretTests
{
    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(64)]
    public void AllowedLength_IsReadAndWrittenTheSame(int bytes)
    {
        var text = "whsec_" + Convert.ToBase64String(new byte[bytes]);

        SigningSecret.TryParse(text, out var secret, out var fault).ShouldBeTrue(fault);

        secret.Key.Length.ShouldBe(bytes);
        secret.ToText().ShouldBe(text);
    }

    [Theory]
    [InlineData("", "whsec_")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "whsec_")]
    [InlineData("WHSEC_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "whsec_")]
    [InlineData("whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "whsec_")]
    [InlineData("whsec_", "has 0")]
    [InlineData("whsec_AAAA", "has 3")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "has 23")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "base64")]
    [InlineData("whsec_AAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAA", "base64")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "base64")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-_", "base64")]
    public void TextThatIsNoSecret_IsRefusedWithAReason(string text, string reason)
    {
        SigningSecret.TryParse(text, out var secret, out var fault).ShouldBeFalse();

        secret.ShouldBeNull();
        fault.ShouldContain(reason);
    }

    [Fact]
    public void LongerThanTheMost_IsRefused()
    {
        var text = "whsec_" + Convert.ToBase64String(new byte[65]);

        SigningSecret.TryParse(text, out _, out var fault).ShouldBeFalse();

        fault.ShouldContain("24 to 64");
    }

    [Fact]
    public void NewSecret_IsRandomAndCanBeRead()
    {
        var first = SigningSecret.Create();
        var second = SigningSecret.Create();

        first.Key.Length.ShouldBe(24);
        first.ToText().ShouldNotBe(second.ToText());
        SigningSecret.TryParse(first.ToText(), out var read, out _).ShouldBeTrue();
        read.Key.ToArray().ShouldBe(first.Key.ToArray());
    }

    [Fact]
    public void PrintedSecret_DoesNotShowItself() => SigningSecret.Create().ToString().ShouldBe("whsec_…");
}
