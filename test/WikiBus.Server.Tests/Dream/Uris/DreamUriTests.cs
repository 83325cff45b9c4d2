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
    [InlineData("HTTPS://h:443/a", "https://h/a", true)]
    [InlineData("ftp://h:21/a", "ftp://h/a", true)]
    [InlineData("http://h/a?B", "http://h/A?b", true)]
    [InlineData("http://h/a?b/", "http://h/a?b", false)]
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
    [InlineData("1http://h")]
    [InlineData("a_b://h")]
    [InlineData("http://h/\\a")]
    [InlineData("http://h/\u007f")]
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

    [Theory]
    [InlineData("http://h?q=1/2#f", "h", "", "?q=1/2", "f")]
    [InlineData("http://h#f?a/b", "h", "", "", "f?a/b")]
    [InlineData("svn+ssh-1.0:///a?", "", "/a", "?", "")]
    public void PartsThatAreMissing_AreEmpty(string text, string authority, string path, string query, string fragment)
    {
        DreamUri.TryParse(text, out var uri).ShouldBeTrue();
        (uri!.Authority, uri.Path, uri.Query, uri.Fragment).ShouldBe((authority, path, query, fragment));
    }

    [Theory]
    [InlineData("http://h:81/a?b#c", "http://h:81/a?b#c")]
    [InlineData("HTTPS://h/a", "https://h/a")]
    [InlineData("event://h/a", null)]
    [InlineData("ftp://h/a", null)]
    [InlineData("http://*/a", null)]
    [InlineData("http:///a", null)]
    public void Request_IsPossibleWithHttpOnly(string text, string? url)
    {
        DreamUri.TryParse(text, out var uri).ShouldBeTrue();
        uri!.ToHttpUrl()?.AbsoluteUri.ShouldBe(url);
        (uri.ToHttpUrl() is null).ShouldBe(url is null);
    }

    [Theory]
    [InlineData("http://h/a", "HTTP://H:80/b?c", true)]
    [InlineData("http://h/a", "https://h/a", false)]
    [InlineData("http://h:443/a", "https://h/a", false)]
    [InlineData("http://u@h/a", "http://h/a", false)]
    [InlineData("http://h:81/a", "http://h/a", false)]
    public void Authority_IsSchemeUserHostAndPort(string left, string right, bool isSame)
    {
        DreamUri.TryParse(left, out var first).ShouldBeTrue();
        DreamUri.TryParse(right, out var second).ShouldBeTrue();
        first!.AuthorityIs(second!).ShouldBe(isSame);
        second!.AuthorityIs(first).ShouldBe(isSame);
    }
}
