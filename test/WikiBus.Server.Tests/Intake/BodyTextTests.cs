using System.Text;
using WikiBus.Server.Intake;

namespace WikiBus.Server.Tests.Intake;

public sealed class BodyTextTests
{
    [Fact]
    public void ByteOrderMark_IsDropped() => Utf8([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']).ShouldBe("{}");

    [Fact]
    public void BytesThatAreNoCharacters_BecomeReplacementCharacters() =>
        Utf8([(byte)'"', 0xFF, 0xFE, (byte)'"']).ShouldBe("\"\uFFFD\uFFFD\"");

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void OtherCharset_BecomesUtf8(string charset)
    {
        const string text = "{\"a\":\"é😀\"}";
        var encoding = Encoding.GetEncoding(charset);
        Utf8([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], encoding).ShouldBe(text);
    }

    [Fact]
    public void LineBreaks_BecomeSpaces()
    {
        using var body = new BodyBuffer();
        body.Append("\r\n{\"a\":\n1}\n"u8);
        BodyText.RemoveLineBreaks(body);
        Encoding.UTF8.GetString(body.Span).ShouldBe("  {\"a\": 1} ");
    }

    private static string Utf8(byte[] bytes, Encoding? charset = null)
    {
        using var body = new BodyBuffer();
        body.Append(bytes);
        BodyText.MakeUtf8(body, charset);
        return Encoding.UTF8.GetString(body.Span);
    }
}
