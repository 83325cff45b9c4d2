using System.Text;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Tests.Intake.Bodies;

public sealed class BodyTextTests
{
    [Fact]
    public void ByteOrderMark_IsDropped() => Utf8([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']).ShouldBe("{}");

    [Fact]
    public void BytesThatEncodeNoCharacter_BecomeReplacementCharacters() =>
        Utf8([(byte)'"', 0xFF, 0xFE, (byte)'"']).ShouldBe("\"\uFFFD\uFFFD\"");

    [Theory]
    [InlineData("utf-16", BodyCharset.Utf16)]
    [InlineData("utf-16BE", BodyCharset.Utf16)]
    [InlineData("utf-16", BodyCharset.Utf16LittleEndian)]
    [InlineData("utf-16BE", BodyCharset.Utf16BigEndian)]
    public void OtherCharset_BecomesUtf8(string encodingName, object charset)
    {
        var encoding = Encoding.GetEncoding(encodingName);
        const string text = "{\"a\":\"é😀\"}";
        var bytes = encoding.GetBytes(text);
        Utf8([.. encoding.GetPreamble(), .. bytes], (BodyCharset)charset).ShouldBe(text);
        Utf8(bytes, (BodyCharset)charset).ShouldBe(text);
    }

    [Fact]
    public void LineBreaks_BecomeSpaces()
    {
        using var body = NewBody();
        body.Append("\r\n{\"a\":\n1}\n"u8);
        BodyText.RemoveLineBreaks(body);
        Encoding.UTF8.GetString(body.Span).ShouldBe("  {\"a\": 1} ");
    }

    private static string Utf8(byte[] bytes, BodyCharset charset = BodyCharset.Utf8)
    {
        using var body = NewBody();
        body.Append(bytes);
        BodyText.MakeUtf8(body, charset);
        return Encoding.UTF8.GetString(body.Span);
    }

    private static BodyBuffer NewBody() => new(new BytesInFlight(new IntakeOptions()));
}
