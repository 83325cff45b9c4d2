using System.Text;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Tests.Filters;

public sealed class ChannelPatternTests
{
    [Theory]
    [InlineData("event://*/deki/pages/*", "11110")]
    [InlineData("event://default/deki/pages/create", "10000")]
    [InlineData("event://default/deki/pages/create/*", "10100")]
    [InlineData("event://default/deki/*/create", "00000")]
    [InlineData("event://default/deki/pages//*", "00000")]
    [InlineData("event://*/*", "11111")]
    [InlineData("EVENT://DEFAULT/DEKI/PAGES/CREATE", "10000")]
    [InlineData("event://default/deki/pages/create/", "10000")]
    [InlineData("event://me@default/deki/pages/create?a=b#c", "10000")]
    [InlineData("event://default", "00000")]
    [InlineData("event://*", "00000")]
    [InlineData("event://def*/deki/pages/create", "00000")]
    [InlineData("event://default:80/deki/pages/create", "00000")]
    [InlineData("http://*/*", "00000")]
    public void APattern_MatchesByDreamsRules(string text, string expected)
    {
        string[] channels =
        [
            "event://default/deki/pages/create", "event://default/deki/pages", "event://default/deki/pages/create/x/y",
            "event://other/deki/pages/create", "event://default/",
        ];
        ChannelPattern.TryParse(text, out var pattern, out _).ShouldBeTrue();
        string.Concat(channels.Select(channel => pattern!.Matches(Encoding.UTF8.GetBytes(channel)) ? '1' : '0'))
            .ShouldBe(expected);
    }

    [Fact]
    public void LettersBeyondAscii_AreComparedAsTheyAre()
    {
        ChannelPattern.TryParse("event://*/Ä/b", out var pattern, out _).ShouldBeTrue();
        pattern!.Matches("event://w/Ä/B"u8).ShouldBeTrue();
        pattern.Matches("event://w/ä/b"u8).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("deki/pages")]
    [InlineData("://host/path")]
    public void TextThatIsNotAChannel_IsExplained(string text)
    {
        ChannelPattern.TryParse(text, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain("event://*/deki/pages/*");
    }
}
