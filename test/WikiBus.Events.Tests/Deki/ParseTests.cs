using System.Text;
using WikiBus.Events.Deki;

namespace WikiBus.Events.Tests.Deki;

public sealed class ParseTests
{
    private const string Start =
        "<deki-event wikiid='w' event-time='2011-03-04T05:06:07Z'><channel>event://w/a</channel>";

    [Theory]
    [InlineData("", "Root element is missing")]
    [InlineData("<deki-event>", "Line 1, position 13")]
    [InlineData("<deki-event>&#x7;</deki-event>", "Line 1, position 16")]
    [InlineData("<!DOCTYPE deki-event><deki-event/>", "DTD")]
    [InlineData("\n <event/>", "Line 2, position 3: the element is event instead of deki-event")]
    [InlineData("<x:deki-event xmlns:x='urn:x'/>", "Line 1, position 2")]
    [InlineData("<deki-event/>", "Line 1, position 2: deki-event has no wikiid")]
    [InlineData("<deki-event wikiid='w'/>", "deki-event has no event-time")]
    [InlineData("<deki-event wikiid='w' event-time='today'/>", "event-time is today")]
    [InlineData("<deki-event wikiid='w' event-time='2011-03-04T05:06:07Z'/>", "deki-event has no channel")]
    [InlineData(Start + "\n<pageid>4x</pageid></deki-event>", "Line 2, position 2: 4x is not a number")]
    [InlineData(Start + "<pageid></pageid></deki-event>", "position 89:  is not a number")]
    [InlineData(Start + "<pageid>9223372036854775808</pageid></deki-event>", "is not a number")]
    [InlineData(Start + "<user id='1' anonymous='maybe'/></deki-event>", "anonymous is maybe")]
    [InlineData(Start + "<security cascade='2'/></deki-event>", "cascade is 2")]
    [InlineData(Start + "<new-license state='GONE'/></deki-event>", "state is GONE")]
    [InlineData(Start + "<users><user/></users></deki-event>", "a banned user has no id")]
    public void WhatIsNoEvent_IsRefusedWithThePlace(string document, string message)
    {
        Should.Throw<FormatException>(() => DekiEvent.Parse(document)).Message.ShouldContain(message);
        Should.Throw<FormatException>(() => DekiEvent.Parse(Encoding.UTF8.GetBytes(document)))
            .Message.ShouldContain(message);
    }

    [Fact]
    public void ADocument_IsReadUpToItsLimit()
    {
        var rest = DekiEvent.DocumentCharactersMax - (Start + "<path></path></deki-event>").Length;
        DekiEvent.Parse($"{Start}<path>{new string('x', rest)}</path></deki-event>").Path!.Length.ShouldBe(rest);
        var longer = $"{Start}<path>{new string('x', rest + 1)}</path></deki-event>";
        Should.Throw<FormatException>(() => DekiEvent.Parse(longer));
        Should.Throw<FormatException>(() => DekiEvent.Parse(Encoding.UTF8.GetBytes(longer)));
    }

    [Fact]
    public void ADocument_IsReadUpToItsDepth()
    {
        // The document's root and the message's body are two levels.
        const int Depth = DekiEvent.DocumentDepthMax - 2;
        DekiEvent.Parse(Nested(Depth)).Body!.Length.ShouldBe(7 * Depth);
        Should.Throw<FormatException>(() => DekiEvent.Parse(Nested(Depth + 1))).Message.ShouldContain("position");
        Should.Throw<FormatException>(() => DekiEvent.Parse(Nested(100_000)));
    }

    [Theory]
    [InlineData(509, "a")]
    [InlineData(509, "xmlns:n")]
    [InlineData(510, "a")]
    [InlineData(16_000, "xmlns:n")]
    public async Task Attributes_AreLimited_SinceEachNodeTakesTheirTime(int count, string name)
    {
        var attributes = string.Concat(Enumerable.Range(0, count).Select(i => $" {name}{i}='u'"));
        var nodes = string.Concat(Enumerable.Repeat("<a />b", 90_000));
        var text = $"<deki-event wikiid='w' event-time='2011-03-04T05:06:07Z'{attributes}>"
            + $"<channel>event://w/a</channel><body b=''>{nodes}</body></deki-event>";

        var parsing = Task.Run(() => DekiEvent.Parse(text), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        if (count + 3 <= DekiEvent.DocumentDepthMax)
        {
            (await parsing).Body.ShouldBe(nodes);
        }
        else
        {
            (await Should.ThrowAsync<FormatException>(parsing)).Message.ShouldContain("more than 512 attributes");
        }
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreRefused() =>
        Should.Throw<FormatException>(() => DekiEvent.Parse(
            (byte[])[.. "<deki-event>"u8, 0xC3, 0x28, .. "</deki-event>"u8]));

    [Fact]
    public void UnknownElements_AreIgnored()
    {
        var document = DekiEvent.Parse($"{Start}<new><channel>other</channel></new></deki-event>");
        document.Channel.ShouldBe("event://w/a");
        document.PageId.ShouldBeNull();
        document.Content.ShouldBeNull();
    }

    [Fact]
    public void AnEmptyContent_IsNotAMissingOne()
    {
        DekiEvent.Parse($"{Start}<content uri='u' type='t'></content></deki-event>").Content.ShouldBe("");
        DekiEvent.Parse($"{Start}<content uri='u' /></deki-event>").Content.ShouldBeNull();
    }

    private static string Nested(int depth)
    {
        var elements = new StringBuilder().Insert(0, "<a>", depth).Insert(3 * depth, "</a>", depth);
        return $"{Start}<body>{elements}</body></deki-event>";
    }
}
