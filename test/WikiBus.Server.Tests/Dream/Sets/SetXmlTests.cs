using System.Text;
using System.Xml.Linq;
using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

public sealed class SetXmlTests
{
    private const string Type = "application/xml; charset=utf-8";

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'http://127.0.0.1:1/x.dtd'><a/>")]
    [InlineData("<a>&x;</a>")]
    [InlineData("<a>&#0;</a>")]
    [InlineData("<a/><b/>")]
    [InlineData("<a b='1' b='2'/>")]
    [InlineData("<a><b></a></b>")]
    [InlineData("<x:a/>")]
    [InlineData("<?xml version='1.0' encoding='nonsense'?><a/>")]
    [InlineData("<?xml version='1.0' encoding='utf-7'?><a/>")]
    [InlineData("{\"a\":1}")]
    [InlineData("")]
    public void HostileOrBrokenXml_IsRefusedWithItsPlace(string text)
    {
        SetXml.TryRead(Encoding.UTF8.GetBytes(text), Type, out var root, out var fault).ShouldBeFalse();
        root.ShouldBeNull();
        fault.ShouldNotBeNull().ShouldStartWith(
            "message body with content type 'application/xml; charset=utf-8' is not well-formed xml: line ");
        fault.ShouldNotContain("/etc/passwd");
    }

    [Theory]
    [InlineData(SetXml.DepthMax, true)]
    [InlineData(SetXml.DepthMax + 1, false)]
    [InlineData(100_000, false)]
    public void DeepXml_IsRefused(int depth, bool isRead)
    {
        var text = string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));
        SetXml.TryRead(Encoding.UTF8.GetBytes(text), Type, out _, out var fault).ShouldBe(isRead);
        fault.ShouldBe(isRead ? null : "message body has more than 32 levels of elements");
    }

    [Theory]
    [InlineData("application/xml", null)]
    [InlineData("text/xml; charset=us-ascii", null)]
    [InlineData("application/foo+xml", null)]
    [InlineData("APPLICATION/XML", null)]
    [InlineData("text/plain", "unsupported mime-type: text/plain")]
    [InlineData("text/html; charset=utf-8", "unsupported mime-type: text/html")]
    [InlineData("garbage", "unsupported mime-type: application/octet-stream")]
    [InlineData(null, "unsupported mime-type: application/octet-stream")]
    public void Body_IsXmlByItsMediaType(string? type, string? expected)
    {
        SetXml.IsXml(type, out var fault).ShouldBe(expected is null);
        fault.ShouldBe(expected);
    }

    [Fact]
    public void TextInTheDeepestElement_IsNoFurtherLevel()
    {
        var text = string.Concat(Enumerable.Repeat("<a>", SetXml.DepthMax)) + "text"
            + string.Concat(Enumerable.Repeat("</a>", SetXml.DepthMax));
        SetXml.TryRead(Encoding.UTF8.GetBytes(text), Type, out var root, out _).ShouldBeTrue();
        root!.Value.ShouldBe("text");
    }

    [Fact]
    public void CommentsAndInstructions_AreLeftOut()
    {
        var text = "<a><!-- b --><c><!-- d -->e<?f?></c></a>"u8.ToArray();
        SetXml.TryRead(text, Type, out var root, out _).ShouldBeTrue();
        root!.ToString(SaveOptions.DisableFormatting).ShouldBe("<a><c>e</c></a>");
    }

    [Fact]
    public void CharsetInQuotes_OrOfTwoBytes_IsRead()
    {
        SetXml.TryRead(
            Encoding.Unicode.GetBytes("<a>\u00fc</a>"), "text/xml; charset=\"UTF-16\"", out var root, out _)
            .ShouldBeTrue();
        root!.Value.ShouldBe("\u00fc");
        SetXml.TryRead("<a>\u00fc</a>"u8.ToArray(), "text/xml; charset=us-ascii", out root, out _).ShouldBeTrue();
        root!.Value.ShouldBe("??");
    }

    [Theory]
    [InlineData("text/xml; charset=iso-8859-1", "<a>\u00fc</a>")]
    [InlineData("text/xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>\u00fc</a>")]
    public void Charset_IsThatOfTheHeaderOrTheDocument(string type, string text)
    {
        SetXml.TryRead(Encoding.Latin1.GetBytes(text), type, out var root, out _).ShouldBeTrue();
        root!.Value.ShouldBe("\u00fc");
    }

    [Fact]
    public void DefaultNamespace_DoesNotCount()
    {
        var text = "<a xmlns='http://n/'><b/><p:c xmlns:p='http://m/'/></a>"u8.ToArray();
        SetXml.TryRead(text, Type, out var root, out _).ShouldBeTrue();
        root!.Elements("b").Count().ShouldBe(1);
        root.Elements("c").ShouldBeEmpty();
        root.ToString(SaveOptions.DisableFormatting).ShouldBe("<a><b /><p:c xmlns:p=\"http://m/\" /></a>");
    }
}
