using System.Buffers;
using System.Text;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Streaming.Pages;

public sealed class RecordRendererTests
{
    private const string Place = "\"topic\":\"a.b\",\"partition\":0,\"offset\":7";

    [Theory]
    [InlineData(
        """{"$schema":"/x","meta":{"id":"1"},"a":[1, 2]}""",
        """{"$schema":"/x","meta":{"id":"1",PLACE},"a":[1, 2]}""")]
    [InlineData("""{"meta":{},"a":1}""", """{"meta":{PLACE},"a":1}""")]
    [InlineData("""{"meta":{ } }""", """{"meta":{ PLACE} }""")]
    public void AnEvent_GetsItsPlaceAtTheEndOfMeta(string payload, string expected) =>
        Render(Record(payload, payload.IndexOf('}', StringComparison.Ordinal)))
            .ShouldBe(expected.Replace("PLACE", Place));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"meta":{PLACE}}""")]
    [InlineData("{}", """{"meta":{PLACE}}""")]
    [InlineData("""{"z":1,"meta":null,"y":2}""", """{"z":1,"meta":{PLACE},"y":2}""")]
    [InlineData("""{"meta":{"offset":1,"id":"x","topic":"t","partition":3}}""", """{"meta":{"id":"x",PLACE}}""")]
    public void AnEventWithoutUsableMeta_GetsItsPlaceAnyway(string payload, string expected) =>
        Render(Record(payload, -1)).ShouldBe(expected.Replace("PLACE", Place));

    [Fact]
    public void AnEventThatNamesAnotherPlace_NamesOursOnly()
    {
        const string Payload = """{"meta":{"id":"x","topic":"eqiad.a","partition":1,"offset":99},"offset":3}""";
        Render(Record(Payload, Payload.IndexOf('}', StringComparison.Ordinal)))
            .ShouldBe("""{"meta":{"id":"x",PLACE},"offset":3}""".Replace("PLACE", Place));
    }

    [Theory]
    [InlineData("""{"meta":{"id":"x"},"type":"null","mediawiki_signature":"00"}""")]
    [InlineData("""{"mediawiki_signature":"00","meta":{"id":"x","topic":"eqiad.a","offset":9}}""")]
    [InlineData("""{"meta":{"id":"x"}, "mediawiki_signature" : null }""")]
    public void ASignedEvent_StaysAsItIs(string payload) =>
        Render(Record(payload, payload.IndexOf('}', StringComparison.Ordinal))).ShouldBe(payload);

    [Theory]
    [InlineData(
        """{"meta":{"id":"x"},"a":{"mediawiki_signature":"00"}}""",
        """{"meta":{"id":"x",PLACE},"a":{"mediawiki_signature":"00"}}""")]
    [InlineData(
        """{"meta":{"id":"x"},"a":"mediawiki_signature"}""",
        """{"meta":{"id":"x",PLACE},"a":"mediawiki_signature"}""")]
    [InlineData(
        """{"meta":{"id":"x"},"a":["mediawiki_signature"]}""",
        """{"meta":{"id":"x",PLACE},"a":["mediawiki_signature"]}""")]
    public void TheNameOfTheSignatureElsewhere_SignsNothing(string payload, string expected) =>
        Render(Record(payload, payload.IndexOf('}', StringComparison.Ordinal)))
            .ShouldBe(expected.Replace("PLACE", Place));

    [Fact]
    public void LineBreaksBetweenMembers_BecomeSpaces()
    {
        const string Payload = "{\n\"meta\":{\"id\":\"x\"},\r\n\"a\":1}";
        Render(Record(Payload, Payload.IndexOf('}', StringComparison.Ordinal)))
            .ShouldBe("{ \"meta\":{\"id\":\"x\",PLACE},  \"a\":1}".Replace("PLACE", Place));
    }

    [Theory]
    [InlineData("[1,2]", "", "\"contentType\":\"application/json\",\"body\":\"[1,2]\"}")]
    [InlineData("a\nb", "application/json", "\"contentType\":\"application/json\",\"body\":\"a\\nb\"}")]
    [InlineData("<a>é</a>", "text/xml; x=y", "\"contentType\":\"text/xml; x=y\",\"body\":\"<a>é</a>\"}")]
    public void WhatIsNoJsonObject_AppearsAsBody(string payload, string contentType, string expected)
    {
        var text = Render(Record(payload, -1, contentType));
        text.ShouldStartWith(
            """{"meta":{"stream":"a.b","id":"ID","dt":"1970-01-01T00:00:01Z","domain":"wiki.example",""");
        text.ShouldContain(Place);
        text.ShouldEndWith(expected);
    }

    [Fact]
    public void ABodyThatIsNoText_AppearsAsBase64() =>
        Render(Record([0xFF, 0x00], -1, "image/png")).ShouldEndWith("\"bodyBase64\":\"/wA=\"}");

    private static string Render(LogRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        new RecordRenderer().Write(record, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static LogRecord Record(string payload, int metaEnd, string contentType = "") =>
        Record(Encoding.UTF8.GetBytes(payload), metaEnd, contentType);

    private static LogRecord Record(byte[] payload, int metaEnd, string contentType) => new()
    {
        Position = 100,
        Stream = "a.b",
        Offset = 7,
        TimeMs = 1000,
        Key = default,
        Channel = "event://wiki.example/a/b"u8.ToArray(),
        ContentType = Encoding.UTF8.GetBytes(contentType),
        Id = "ID"u8.ToArray(),
        Attributes = default,
        MetaEnd = metaEnd,
        Payload = payload,
    };
}
