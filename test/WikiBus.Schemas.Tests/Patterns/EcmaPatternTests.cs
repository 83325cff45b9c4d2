using System.Text;
using System.Text.RegularExpressions;
using WikiBus.Schemas.Patterns;

namespace WikiBus.Schemas.Tests.Patterns;

public sealed class EcmaPatternTests
{
    [Theory]
    [InlineData("^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$", "5e1dd101-641c-11e8-ab6c-b083fecf1280", true)]
    [InlineData("^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$", "5e1dd101-641c-11e8-ab6c-b083fecf128", false)]
    [InlineData("^[\\d\\w-]+$", "a_1-Z", true)]
    [InlineData("^[\\d\\w-]+$", "é", false)]
    [InlineData("^\\d+$", "٣", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^\\s$", "\u00a0", true)]
    [InlineData("^\\S$", "\ufeff", false)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^.{2}$", "😀", false)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^[😀-😎]$", "😅", true)]
    [InlineData("^[^😀]$", "😅", true)]
    [InlineData("^\\u{1F600}$", "😀", true)]
    [InlineData("^\\ud83d\\ude00$", "😀", true)]
    [InlineData("^[^\\uD800-\\uDFFF]*$", "a-😀", true)]
    [InlineData("[\\uD800-\\uDFFF]", "a-😀", false)]
    [InlineData("^[\\uD800-\\uDBFF\\u0041]$", "A", true)]
    [InlineData("^[\\uD800-\\uDBFF\\u{41}]$", "-", false)]
    [InlineData("\\uD83D\\u0041", "A", false)]
    [InlineData("^\\p{Lu}\\p{Letter}$", "Éñ", true)]
    [InlineData("^\\P{L}$", "a", false)]
    [InlineData("^\\cA\\x41\\u0042\\0$", "\u0001AB\0", true)]
    [InlineData("b", "abc", true)]
    [InlineData("", "x", true)]
    [InlineData("^a*ab$", "aaab", true)]
    [InlineData("^(ab|c)*?d", "abcabd", true)]
    [InlineData("^[]a]", "a", false)]
    [InlineData("^[^]$", "x", true)]
    [InlineData("^[\\]a]$", "]", true)]
    [InlineData("^a{,2}$", "a{,2}", true)]
    [InlineData("^[a\\-z]$", "b", false)]
    [InlineData("^/", "/x", true)]
    [InlineData("^https?://", "http://x", true)]
    public void Pattern_MatchesAsInJavaScript(string source, string text, bool isMatch)
    {
        EcmaPattern.TryCreate(source, isInputBounded: false, out var pattern, out var fault).ShouldBeTrue(fault);
        pattern!.IsMatch(Encoding.UTF8.GetBytes(text)).ShouldBe(isMatch);
    }

    [Theory]
    [InlineData("(?=b)b", "ab", true)]
    [InlineData("(?<!a)b", "ab", false)]
    [InlineData("^(a)\\1$", "aa", true)]
    [InlineData("^(?<x>a)\\k<x>$", "ab", false)]
    [InlineData("\\bab\\b", "é ab.", true)]
    public void Lookaround_NeedsALengthLimit(string source, string text, bool isMatch)
    {
        EcmaPattern.TryCreate(source, isInputBounded: false, out _, out var fault).ShouldBeFalse();
        fault.ShouldContain("maxLength");
        EcmaPattern.TryCreate(source, isInputBounded: true, out var pattern, out _).ShouldBeTrue();
        pattern!.IsMatch(Encoding.UTF8.GetBytes(text)).ShouldBe(isMatch);
    }

    [Theory]
    [InlineData("^\\q$", "q", true)]
    [InlineData("^\\q$", "\\q", false)]
    [InlineData("^\\e\\h\\Aa$", "ehAa", true)]
    [InlineData("^[\\q\\B\\k]+$", "qBk", true)]
    [InlineData("^\\1$", "\u0001", true)]
    [InlineData("^\\1$", "1", false)]
    [InlineData("^(a)\\2$", "a\u0002", true)]
    [InlineData("^\\101\\8\\400$", "A8 0", true)]
    [InlineData("^[\\101\\9]+$", "A9", true)]
    [InlineData("^\\07$", "\a", true)]
    [InlineData("^\\k<x>$", "k<x>", true)]
    [InlineData("^\\p\\P$", "pP", true)]
    [InlineData("^\\u12\\x4\\u{zz}$", "u12x4u{zz}", true)]
    [InlineData("^\\c1[\\c_]$", "\\c1\u001f", true)]
    [InlineData("^[\\c!]+$", "\\c!", true)]
    public void EscapeThatOnlyOldBrowsersKnow_MeansWhatNodeTakesItFor(string source, string text, bool isMatch)
    {
        EcmaPattern.IsSyntaxValid(source, isStrict: true).ShouldBeFalse();
        Pattern_MatchesAsInJavaScript(source, text, isMatch);
    }

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData("a{2,1}")]
    [InlineData("[b-a]")]
    [InlineData("[\\uDFFF-\\uD800]")]
    [InlineData("\\")]
    [InlineData("(?<x>a)\\k")]
    [InlineData("\\p{Nonsense}")]
    [InlineData("(?#x)")]
    public void NoPattern_IsRefused(string source)
    {
        EcmaPattern.IsSyntaxValid(source, isStrict: false).ShouldBeFalse();
        EcmaPattern.TryCreate(source, isInputBounded: true, out _, out var fault).ShouldBeFalse();
        fault.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("(a|a)*b")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    public void EvilPattern_EndsOnLongInput(string source)
    {
        EcmaPattern.TryCreate(source, isInputBounded: false, out var pattern, out var fault).ShouldBeTrue(fault);
        pattern!.IsMatch(Encoding.UTF8.GetBytes(new string('a', 100_000) + "!")).ShouldBeFalse();
    }

    [Fact]
    public void EvilBacktracking_IsCutByTime()
    {
        EcmaPattern.TryCreate("^(?=(a+)+$)b", isInputBounded: true, out var pattern, out _).ShouldBeTrue();
        pattern!.MayBacktrack.ShouldBeTrue();
        Should.Throw<RegexMatchTimeoutException>(
            () => pattern.IsMatch(Encoding.UTF8.GetBytes(new string('a', 64) + "!")));
    }
}
