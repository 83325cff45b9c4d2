using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Server.Envelopes;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Envelopes;

/// <summary>What the envelope of a record says about it.</summary>
public sealed class EnvelopeWriterTests
{
    private static readonly LogRecord s_record = new()
    {
        Position = 3,
        Stream = "deki.pages.create",
        Offset = 2,
        TimeMs = 1,
        Key = default,
        Channel = "event://host/deki/pages/create"u8.ToArray(),
        ContentType = "text/plain"u8.ToArray(),
        Id = "7"u8.ToArray(),
        Attributes = default,
        MetaEnd = -1,
        Payload = "text"u8.ToArray(),
    };

    [Fact]
    public void Text_IsShownWithItsTypeStreamAndOffset() => ShouldShow(
        s_record,
        """
        {"meta":{"stream":"deki.pages.create","id":"7","dt":"1970-01-01T00:00:00.001Z","domain":"host",
            "uri":"event://host/deki/pages/create","topic":"deki.pages.create","partition":0,"offset":2},
        "contentType":"text/plain","body":"text"}
        """);

    [Fact]
    public void WhatARecordLacks_IsLeftOut() => ShouldShow(
        s_record with { Id = default, Channel = default, ContentType = default },
        """
        {"meta":{"stream":"deki.pages.create","dt":"1970-01-01T00:00:00.001Z",
            "topic":"deki.pages.create","partition":0,"offset":2},
        "contentType":"application/json","body":"text"}
        """);

    [Theory]
    [InlineData("text/plain", "http://r/1", "http://r/1")]
    [InlineData("application/xml", "http://r/1", "http://r/1")]
    [InlineData("application/xml", null, "event://host/deki/pages/create")]
    [InlineData("text/plain", null, "event://host/deki/pages/create")]
    public void Uri_IsTheResource_OrTheChannel(string contentType, string? resource, string uri)
    {
        var attributes = new ArrayBufferWriter<byte>();
        if (resource is not null)
        {
            new AttributeWriter(attributes).Add("resource", resource);
        }

        var meta = Show(s_record with
        {
            ContentType = Encoding.ASCII.GetBytes(contentType),
            Attributes = attributes.WrittenMemory,
            Payload = "<deki-event/>"u8.ToArray(),
        })["meta"]!;
        meta["uri"]!.GetValue<string>().ShouldBe(uri);
    }

    [Theory]
    [InlineData("<deki-event event-time=''/>", "1970-01-01T00:00:00.001Z")]
    [InlineData("<deki-event event-time='2011-03-04T05:06:07+01:00'/>", "1970-01-01T00:00:00.001Z")]
    [InlineData("<deki-event event-time='2011-03-04T05:06:07Z'/>", "2011-03-04T05:06:07Z")]
    public void TimeOfADocument_CountsIfItIsValid(string document, string time) =>
        ShowDocument(document, wiki: null)["dt"]!.GetValue<string>().ShouldBe(time);

    /// <summary>A document may name a wiki where its publisher's rights did not look.</summary>
    [Theory]
    [InlineData(null, "host")]
    [InlineData("w", "w")]
    public void Domain_IsTheWikiThatWasJudged(string? wiki, string domain) =>
        ShowDocument("<deki-event wikiid='forged'/>", wiki)["domain"]!.GetValue<string>().ShouldBe(domain);

    [Theory]
    [InlineData("", true)]
    [InlineData(" ; charset=utf-8", true)]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON ;charset=utf-8", true)]
    [InlineData("application/json5", false)]
    [InlineData("application/xml", false)]
    public void Json_IsShownAsItIs(string contentType, bool isJson)
    {
        var record = s_record with { ContentType = Encoding.ASCII.GetBytes(contentType) };
        EnvelopeWriter.IsJson(record.ContentType.Span).ShouldBe(isJson);
        EnvelopeWriter.JsonOf(record).Equals(record.Payload).ShouldBe(isJson);
    }

    private static JsonNode ShowDocument(string document, string? wiki)
    {
        var attributes = new ArrayBufferWriter<byte>();
        if (wiki is not null)
        {
            new AttributeWriter(attributes).Add("wiki", wiki);
        }

        return Show(s_record with
        {
            ContentType = "application/xml"u8.ToArray(),
            Attributes = attributes.WrittenMemory,
            Payload = Encoding.UTF8.GetBytes(document),
        })["meta"]!;
    }

    private static JsonNode Show(in LogRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        EnvelopeWriter.Write(record, output);
        return JsonNode.Parse(output.WrittenSpan)!;
    }

    private static void ShouldShow(in LogRecord record, string expected)
    {
        var shown = Show(record);
        JsonNode.DeepEquals(shown, JsonNode.Parse(expected)).ShouldBeTrue(shown.ToJsonString());
    }
}
