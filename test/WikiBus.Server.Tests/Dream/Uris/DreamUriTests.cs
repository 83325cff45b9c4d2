using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Tests.Dream.Uris;

public sealed class DreamUriTests
{
    [Theory]
    [InlineData("http://h/a", "HTTP://H/A", true)]
    [InlineData("http://h/a", "http://h:80/a/", true)]
    [InlineData("https://h:443", "https://h/", true)]
    [InlineData("http://h/a#x", "http://h/a#y", true)]
    [InlineData("http://h:443/a", "http://h/a", false)]
    [InlineData("event://h:80/a", "event://h/a", false)]
    [InlineData("http://h/a?b", "http://h/a", false)]
    [InlineData("http://u@h/a", "http://h/a", false)]
    [InlineData("http://h/a/b", "http://h/a", false)]
    public void Uris_AreEqualByDreamsRules(string left, string right, bool isEqual)
    {
        DreamUri.TryParse(left, out var first).ShouldBeTrue();
        DreamUri.TryParse(right, out var second).ShouldBeTrue();
        first!.Equals(second).ShouldBe(isEqual);
        (first.GetHashCode() == second!.GetHashCode()).ShouldBe(isEqual);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("http:/h")]
    [InlineData("*://default/x")]
    [InlineData("://h")]
    [InlineData(" http://h")]
    [InlineData("http://h/a b")]
    [InlineData("http://h/<a>")]
    [InlineData("http://h/\u00fc")]
    [InlineData("http://h/\r\nSet-Cookie: a=b")]
    public void TextThatIsNoUri_IsRefused(string? text) => DreamUri.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Parts_AreThoseOfTheText()
    {
        DreamUri.TryParse("Event://u@*:8/a/*?q=1#f", out var uri).ShouldBeTrue();
        uri!.ShouldSatisfyAllConditions(
            () => uri.Scheme.ShouldBe("Event"),
            () => uri.Authority.ShouldBe("u@*:8"),
            () => uri.Path.ShouldBe("/a/*"),
            () => uri.Query.ShouldBe("?q=1"),
            () => uri.Fragment.ShouldBe("f"),
            () => uri.ToString().ShouldBe("Event://u@*:8/a/*?q=1#f"));
    }
}
