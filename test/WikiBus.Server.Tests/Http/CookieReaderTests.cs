using WikiBus.Server.Http;

namespace WikiBus.Server.Tests.Http;

public sealed class CookieReaderTests
{
    [Theory]
    [InlineData("key=abc", "abc")]
    [InlineData("a=1; key=abc; b=2", "abc")]
    [InlineData("key=\"abc\"", "abc")]
    [InlineData("$Version=\"1\"; key=\"abc\"; $Path=\"/x\"; $Domain=\"h:1\"", "abc")]
    [InlineData("$Version=\"1\"; a=\"1;key=no\"; $Path=\"/\", key=\"a\\\"b;c,d\"; $Path=\"/\"", "a\"b;c,d")]
    [InlineData("key=first; key=second", "first")]
    [InlineData("key=a=b", "a=b")]
    [InlineData("key=", "")]
    [InlineData("key=\"\"", "")]
    [InlineData(" key = abc ", "abc")]
    [InlineData("KEY=abc", null)]
    [InlineData("monkey=abc", null)]
    [InlineData("key", null)]
    [InlineData("=abc", null)]
    [InlineData("a=\"; key=abc", null)]
    [InlineData("key=\"", "\"")]
    [InlineData("", null)]
    public void Cookie_IsFoundInBothForms(string header, string? value) =>
        CookieReader.Find(header, "key").ShouldBe(value);

    [Fact]
    public void SecondHeaderLine_CountsToo() =>
        CookieReader.Find(new(["a=1", "key=abc"]), "key").ShouldBe("abc");
}
