using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Tests.Dream.Sending;

public sealed class CookieHeaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("http://r:81/x", "http://r:81/x/y", "$Version=\"1\"; n=\"v\"; $Path=\"/x\"; $Domain=\"r:81\"")]
    [InlineData("http://r:81/x/", "HTTP://R:81/X", "$Version=\"1\"; n=\"v\"; $Path=\"/x\"; $Domain=\"r:81\"")]
    [InlineData("http://r:80/", "http://r/q?access-key=1", "$Version=\"1\"; n=\"v\"; $Path=\"/\"; $Domain=\"r:80\"")]
    [InlineData("http://r/x", "http://r/xy", null)]
    [InlineData("http://r/x", "http://other/x", null)]
    [InlineData("http://r/x", "https://r/x", null)]
    [InlineData("http://r:81/x", "http://r/x", null)]
    [InlineData("no uri", "http://r/x", null)]
    public void Cookie_GoesToItsHostAndBelowItsPath(string uri, string destination, string? expected) =>
        For(destination, new SetCookie("n", "v", uri, null, 1)).ShouldBe(expected);

    [Fact]
    public void SeveralCookies_AreJoined_AndTheLastOfANameCounts() =>
        For(
            "http://r/x",
            new SetCookie("a", "1", "http://r/", null, 1), new SetCookie("b", "2", "http://r/x", null, null),
            new SetCookie("a", "q\"\\", "http://r", null, 1))
            .ShouldBe("$Version=\"1\"; a=\"q\\\"\\\\\"; $Path=\"/\"; $Domain=\"r\", "
                + "$Version=\"1\"; b=\"2\"; $Path=\"/x\"; $Domain=\"r\"");

    [Fact]
    public void ExpiredCookies_AndThoseThatWouldBreakTheHeader_AreLeftOut() =>
        For(
            "http://r/x",
            new SetCookie("a", "1", "http://r/", s_now, 1), new SetCookie("b", "2\r\nX: y", "http://r/", null, 1),
            new SetCookie("c d", "1", "http://r/", null, 1), new SetCookie("", "1", "http://r/", null, 1),
            new SetCookie("a=b", "1", "http://r/", null, 1), new SetCookie("a;b", "1", "http://r/", null, 1),
            new SetCookie("a,b", "1", "http://r/", null, 1), new SetCookie("a\"", "1", "http://r/", null, 1),
            new SetCookie("f", "\u007f", "http://r/", null, 1), new SetCookie("e", "ü", "http://r/", null, 1))
            .ShouldBeNull();

    [Fact]
    public void CookiesOfOtherUris_OrOfAnotherName_DoNotReplaceEachOther() =>
        For(
            "http://r/x/y",
            new SetCookie("a", "1", "http://r/x", s_now.AddTicks(1), 1), new SetCookie("a", "2", "http://r/", null, 1),
            new SetCookie("A", "3", "http://r/", null, 1))
            .ShouldBe("$Version=\"1\"; a=\"1\"; $Path=\"/x\"; $Domain=\"r\", "
                + "$Version=\"1\"; a=\"2\"; $Path=\"/\"; $Domain=\"r\", "
                + "$Version=\"1\"; A=\"3\"; $Path=\"/\"; $Domain=\"r\"");

    private static string? For(string destination, params SetCookie[] cookies)
    {
        DreamUri.TryParse(destination, out var uri).ShouldBeTrue();
        return CookieHeader.For(uri!, cookies, s_now);
    }
}
