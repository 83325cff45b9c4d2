using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class StaticHeadersTests
{
    [Theory]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("Cookie", "a=b")]
    [InlineData("X-Api-Key", "a b\"c,d")]
    [InlineData("User-Agent", "mine")]
    [InlineData("X-Empty", "")]
    public void OrdinaryHeader_IsAllowedAndSent(string name, string value)
    {
        StaticHeaders.FindFault([new(name, value)]).ShouldBeNull();

        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("host")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("Content-Encoding")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Via")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Signature")]
    [InlineData("wikibus-attempt")]
    [InlineData("Expect")]
    [InlineData("Upgrade")]
    [InlineData("HTTP2-Settings")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Connection")]
    [InlineData("Allow")]
    [InlineData("Expires")]
    [InlineData("Last-Modified")]
    public void HeaderOfWikiBusOrOfTheConnection_IsRefused(string name) =>
        StaticHeaders.FindFault([new(name, "x")])!.ShouldContain(name);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData(":path")]
    [InlineData("a\r\nHost")]
    [InlineData("ä")]
    public void NameThatIsNoToken_IsRefused(string name) =>
        StaticHeaders.FindFault([new(name, "x")])!.ShouldContain("not valid");

    [Theory]
    [InlineData("secret\r\nHost: evil")]
    [InlineData("secret\n")]
    [InlineData("secret\0")]
    [InlineData("secret\t")]
    [InlineData(" secret")]
    [InlineData("sécret")]
    [InlineData("secret\u007F")]
    public void ValueThatIsNotPrintable_IsRefusedWithoutShowingIt(string value)
    {
        var fault = StaticHeaders.FindFault([new("X-A", value)]).ShouldNotBeNull();

        fault.ShouldContain("X-A");
        fault.ShouldNotContain("cret");
    }

    [Fact]
    public void SameNameTwice_IsRefused() =>
        StaticHeaders.FindFault([new("X-A", "1"), new("x-a", "2")])!.ShouldContain("twice");

    [Fact]
    public void Limits_AreNamed()
    {
        var many = Enumerable.Range(0, StaticHeaders.CountMax)
            .Select(static number => KeyValuePair.Create($"X-{number}", "")).ToList();
        StaticHeaders.FindFault(many).ShouldBeNull();
        many.Add(new("X-More", ""));
        StaticHeaders.FindFault(many)!.ShouldContain("20");

        var value = new string('a', StaticHeaders.LengthMax - 3);
        StaticHeaders.FindFault([new("X-A", value)]).ShouldBeNull();
        StaticHeaders.FindFault([new("X-A", value + "a")])!.ShouldContain("8192");
    }
}
