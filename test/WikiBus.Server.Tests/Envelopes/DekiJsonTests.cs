using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Server.Envelopes;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Envelopes;

/// <summary>How records that are not JSON are shown as JSON.</summary>
public sealed class DekiJsonTests
{
    [Theory]
    [InlineData("<deki-event><path></path><pageid>5</pageid></deki-event>", """{"path":"","pageid":"5"}""")]
    [InlineData(
        """<deki-event wikiid="w"><user id="1" anonymous="false"><uri>http://u</uri></user></deki-event>""",
        """{"wikiid":"w","user":{"id":"1","anonymous":"false","uri":"http://u"}}""")]
    [InlineData(
        """<deki-event><content.uri type="application/xml">http://c</content.uri></deki-event>""",
        """{"content.uri":{"type":"application/xml","text":"http://c"}}""")]
    [InlineData("<deki-event><a>1</a><b/><a>2</a></deki-event>", """{"a":["1","2"],"b":""}""")]
    [InlineData(
        """<deki-event><addresses><address>10.0.0.1</address></addresses><users><user id="2" /></users></deki-event>""",
        """{"addresses":["10.0.0.1"],"users":[{"id":"2"}]}""")]
    [InlineData(
        """<deki-event><body content-type="text/plain">a &lt; b</body></deki-event>""",
        """{"body":{"content-type":"text/plain","text":"a < b"}}""")]
    [InlineData(
        """<deki-event><body content-type="application/xml"><form><a>1</a> b</form></body></deki-event>""",
        """{"body":{"content-type":"application/xml","text":"<form><a>1</a> b</form>"}}""")]
    [InlineData(
        """<deki-event><body content-type="a/b"> <a>1</a> </body></deki-event>""",
        """{"body":{"content-type":"a/b","text":" <a>1</a> "}}""")]
    [InlineData(
        """<deki-event><body content-type="a/b"></body></deki-event>""",
        """{"body":{"content-type":"a/b","text":""}}""")]
    [InlineData("<deki-event> <a b='1'> <c>2</c> </a> </deki-event>", """{"a":{"b":"1","c":"2"}}""")]
    [InlineData("<deki-event><a> </a></deki-event>", """{"a":" "}""")]
    public void Document_BecomesMembers(string document, string expected)
    {
        var shown = Show(document)["deki"];
        JsonNode.DeepEquals(shown, JsonNode.Parse(expected)).ShouldBeTrue(shown?.ToJsonString());
    }

    /// <summary>Readers of JSON differ in what they do with a member that is there twice.</summary>
    [Theory]
    [InlineData("<deki-event><a b='1'><b>2</b></a></deki-event>", """{"a":{"b":"2"}}""")]
    [InlineData("<deki-event><a text='1'>2</a></deki-event>", """{"a":{"text":"1"}}""")]
    [InlineData("<deki-event><a><text>1</text>2</a></deki-event>", """{"a":{"text":"1"}}""")]
    [InlineData("<deki-event><body text='1'>2</body></deki-event>", """{"body":{"text":"1"}}""")]
    public void EachMember_IsWrittenOnce(string document, string expected) =>
        Encoding.UTF8.GetString(EnvelopeWriter.JsonOf(
            RecordOf(Encoding.UTF8.GetBytes(document), "application/xml")).Span)
            .ShouldEndWith($"\"deki\":{expected}}}");

    [Theory]
    [InlineData("text/xml")]
    [InlineData("TEXT/XML; charset=utf-8")]
    [InlineData(" application/xml ; charset=utf-8")]
    public void Document_IsRecognizedByItsMediaType(string contentType) =>
        Show("<deki-event/>", contentType)["deki"].ShouldNotBeNull();

    [Fact]
    public void Meta_HasTheTimeOfTheDocument()
    {
        var meta = Show("""<deki-event event-time="2011-03-04T05:06:07Z"/>""")["meta"]!;
        meta["dt"]!.GetValue<string>().ShouldBe("2011-03-04T05:06:07Z");
        meta["domain"]!.GetValue<string>().ShouldBe("host");
        meta["uri"]!.GetValue<string>().ShouldBe("event://host/deki/pages/create");
        meta["id"]!.GetValue<string>().ShouldBe("1");
    }

    [Theory]
    [InlineData("<deki-event/>")]
    [InlineData("<deki-event event-time=''/>")]
    [InlineData("<deki-event event-time='yesterday'/>")]
    [InlineData("<deki-event event-time='2011-13-04T05:06:07Z'/>")]
    public void WithoutATimeInTheDocument_MetaHasThatOfTheRecord(string document) =>
        Show(document)["meta"]!["dt"]!.GetValue<DateTime>().ShouldBe(DateTime.UnixEpoch);

    [Theory]
    [InlineData("<deki-event><a>", "application/xml")]
    [InlineData("<deki-event>&#x7;</deki-event>", "application/xml; charset=utf-8")]
    [InlineData("<other/>", "application/xml")]
    [InlineData("<deki-event xmlns='urn:x'/>", "application/xml")]
    [InlineData("<?xml version='1.0' encoding='nonsense'?><deki-event/>", "application/xml")]
    [InlineData("<?xml version='1.0' encoding='utf-7'?><deki-event/>", "application/xml")]
    [InlineData("<!DOCTYPE deki-event><deki-event/>", "application/xml")]
    [InlineData("<!DOCTYPE deki-event [<!ENTITY e 'x'>]><deki-event>&e;</deki-event>", "application/xml")]
    [InlineData("<deki-event/>", "text/plain")]
    public void AnythingElse_IsShownAsText(string body, string contentType)
    {
        var shown = Show(body, contentType);
        shown["deki"].ShouldBeNull();
        shown["contentType"]!.GetValue<string>().ShouldBe(contentType);
        shown["body"]!.GetValue<string>().ShouldBe(body);
    }

    [Fact]
    public void DeepOrLargeDocument_IsShownAsText()
    {
        var levels = DekiJson.DepthMax + 1;
        var deep = string.Concat(Enumerable.Repeat("<deki-event>", levels))
            + string.Concat(Enumerable.Repeat("</deki-event>", levels));
        Show(deep)["deki"].ShouldBeNull();
        Show(deep["<deki-event>".Length..^"</deki-event>".Length])["deki"].ShouldNotBeNull();
        var empty = "<deki-event><a></a></deki-event>";
        string Filled(int length) => empty.Insert(15, new string('x', length - empty.Length));
        Show(Filled(DekiJson.BytesMax))["deki"].ShouldNotBeNull();
        Show(Filled(DekiJson.BytesMax + 1))["deki"].ShouldBeNull();
    }

    [Fact]
    public void BytesThatAreNoText_AreShownInBase64()
    {
        var output = new ArrayBufferWriter<byte>();
        EnvelopeWriter.Write(RecordOf([0xFF], "image/png"), output);
        JsonNode.Parse(output.WrittenSpan)!["bodyBase64"]!.GetValue<string>().ShouldBe("/w==");
    }

    private static JsonNode Show(string body, string contentType = "application/xml") =>
        JsonNode.Parse(EnvelopeWriter.JsonOf(RecordOf(Encoding.UTF8.GetBytes(body), contentType)).Span)!;

    private static LogRecord RecordOf(byte[] body, string contentType) => new()
    {
        Position = 1,
        Stream = "deki.pages.create",
        Offset = 0,
        TimeMs = 0,
        Key = default,
        Channel = "event://host/deki/pages/create"u8.ToArray(),
        ContentType = Encoding.ASCII.GetBytes(contentType),
        Id = "1"u8.ToArray(),
        Attributes = default,
        MetaEnd = -1,
        Payload = body,
    };
}
