using System.Buffers;
using System.Text;

namespace WikiBus.Events.Tests;

public sealed class EventHeaderTests
{
    [Theory]
    [InlineData("db", "id", "w", "d.example", "db")]
    [InlineData("", "id", "w", "d.example", "id")]
    [InlineData("", "", "w", "d.example", "w")]
    [InlineData("", "", "", "d.example", "d.example")]
    [InlineData("", "", "", "", "")]
    public void Wiki_IsTheFirstFieldThatNamesOne(
        string database, string wikiId, string wiki, string domain, string expected)
    {
        var fields = new EventFields
        {
            Database = Utf8(database), WikiId = Utf8(wikiId), Wiki = Utf8(wiki), Domain = Utf8(domain),
        };
        Text(EventHeader.Wiki(fields)).ShouldBe(expected);
    }

    [Fact]
    public void Wiki_ThatIsTooLong_IsCutAtACharacter()
    {
        var fields = new EventFields { Database = Utf8(new string('a', 254) + "é") };
        Text(EventHeader.Wiki(fields)).ShouldBe(new string('a', 254));
    }

    [Theory]
    [InlineData("https://w.example/wiki/A", true)]
    [InlineData("HTTP://w.example", true)]
    [InlineData("urn:x", true)]
    [InlineData("/wiki/A", false)]
    [InlineData("//w.example/wiki/A", false)]
    [InlineData("wiki/Special:A", false)]
    [InlineData("9p:x", false)]
    [InlineData("https:", false)]
    [InlineData("", false)]
    public void Resource_IsAnAbsoluteUri(string uri, bool isResource) =>
        Text(EventHeader.Resource(new EventFields { Uri = Utf8(uri) })).ShouldBe(isResource ? uri : "");

    [Fact]
    public void Resource_ThatIsTooLong_IsLeftOut()
    {
        var uri = "https://w.example/".PadRight(EventHeader.ResourceBytesMax, 'a');
        Text(EventHeader.Resource(new EventFields { Uri = Utf8(uri) })).ShouldBe(uri);
        Text(EventHeader.Resource(new EventFields { Uri = Utf8(uri + "a") })).ShouldBe("");
    }

    [Theory]
    [InlineData("Test.Wiki.example", "mediawiki.page-create", "event://test.wiki.example/mediawiki/page-create")]
    [InlineData("localhost", "a..b.", "event://localhost/a/b")]
    [InlineData("127.0.0.1", "...", "event://127.0.0.1/")]
    [InlineData("[::1]", "a", "event://[::1]/a")]
    [InlineData("[::x]", "a", "event://unknown/a")]
    [InlineData("", "a", "event://unknown/a")]
    [InlineData("w.example/x", "a", "event://unknown/a")]
    [InlineData("w.example:80", "a", "event://unknown/a")]
    [InlineData("w..example", "a", "event://unknown/a")]
    [InlineData("wíki.example", "a", "event://unknown/a")]
    public void Channel_IsMadeOfDomainAndStream(string domain, string stream, string channel)
    {
        var output = new ArrayBufferWriter<byte>();
        var fields = new EventFields { Domain = Utf8(domain), Stream = Utf8(stream) };
        EventHeader.WriteChannel(fields, output).ShouldBe(output.WrittenCount);
        Text(output.WrittenSpan).ShouldBe(channel);
    }

    [Fact]
    public void Channel_OfTheLongestNames_KeepsItsLimit()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 62), 4));
        var fields = new EventFields { Domain = Utf8(domain), Stream = Utf8(new string('s', StreamName.LengthMax)) };
        EventHeader.WriteChannel(fields, new ArrayBufferWriter<byte>())
            .ShouldBeInRange(StreamName.LengthMax + domain.Length, EventHeader.ChannelBytesMax);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
