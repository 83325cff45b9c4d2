using System.Text;
using WikiBus.Server.Dream.Events;

namespace WikiBus.Server.Tests.Dream.Events;

public sealed class DocumentRootTests
{
    [Theory]
    [InlineData("<deki-event wikiid='w' event-time='t'><uri>u</uri><pageid> 5 </pageid></deki-event>", "w", "t", "5")]
    [InlineData("\ufeff<?xml version='1.0'?><!-- c --><e wikiid='w'/>", "w", null, null)]
    [InlineData("<e wikiid='' event-time=''><pageid/></e>", null, null, null)]
    [InlineData("<e><pageid></pageid></e>", null, null, null)]
    [InlineData("<e><pageid>5a</pageid></e>", null, null, null)]
    [InlineData("<e><pageid>-5</pageid></e>", null, null, null)]
    [InlineData("<e><pageid>123456789012345678901</pageid></e>", null, null, null)]
    [InlineData("<e><pageid>12345678901234567890</pageid></e>", null, null, "12345678901234567890")]
    [InlineData("<e><pageid/>5</e>", null, null, null)]
    [InlineData("<e><a><pageid>5</pageid></a></e>", null, null, null)]
    [InlineData("<e xmlns='urn:x' wikiid='w'><pageid>5</pageid><pageid>6</pageid></e>", "w", null, "5")]
    [InlineData("", null, null, null)]
    [InlineData("text", null, null, null)]
    [InlineData("{\"wikiid\":\"w\"}", null, null, null)]
    public void Document_NamesItsWikiTimeAndPage(string document, string? wiki, string? time, string? page) =>
        Read(document).ShouldBe(new DocumentRoot(wiki, time, page));

    [Theory]
    [InlineData("<e wikiid='w'><a>&#x7;</a><pageid>5</pageid></e>")]
    [InlineData("<e wikiid='w'><a></b><pageid>5</pageid></e>")]
    [InlineData("<e wikiid='w'><a>&unknown;</a><pageid>5</pageid></e>")]
    [InlineData("<e wikiid='w'")]
    [InlineData("<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><e wikiid='w'><pageid>5</pageid></e>")]
    [InlineData("<?xml version='1.0' encoding='nonsense'?><e wikiid='w'/>")]
    [InlineData("<?xml version='1.0' encoding='utf-7'?><e wikiid='w'/>")]
    [InlineData("<?xml version='1.0' encoding='utf-16'?><e wikiid='w'/>")]
    public void Document_IsReadToItsFault(string document) => Read(document).PageId.ShouldBeNull();

    [Fact]
    public void Document_WithAFault_StillNamesItsWiki() =>
        Read("<e wikiid='w'><a>&#x7;</a></e>").ShouldBe(new DocumentRoot("w", null, null));

    [Fact]
    public void DocumentType_EndsTheReading() =>
        Read("<!DOCTYPE e><e wikiid='w'/>").ShouldBe(DocumentRoot.Unread);

    [Fact]
    public void OnlyTheBeginning_IsRead()
    {
        Read($"<e wikiid='w'><pageid>5</pageid>{new string('x', DocumentRoot.BytesMax)}").PageId.ShouldBe("5");
        Read($"<e wikiid='w'><a>{new string('x', DocumentRoot.BytesMax)}</a><pageid>5</pageid></e>")
            .ShouldBe(new DocumentRoot("w", null, null));
    }

    private static DocumentRoot Read(string document) => DocumentRoot.Read(Encoding.UTF8.GetBytes(document));

    /// <summary>A recipient may find a wiki in these that was not judged.</summary>
    [Fact]
    public void MarkupWhoseRootIsNotRead_IsUnread()
    {
        var far = new string(' ', DocumentRoot.BytesMax);
        foreach (var text in new[]
        {
            far + "<e wikiid='w'/>", $"<!--{far}--><e wikiid='w'/>", $"<e a='{far}' wikiid='w'/>",
            "<e wikiid='w' wikiid='v'/>", "\ufeff <!DOCTYPE e><e/>", "<",
        })
        {
            Read(text).ShouldBe(DocumentRoot.Unread, text.Trim());
        }

        DocumentRoot.Read(System.Text.Encoding.BigEndianUnicode.GetBytes("<!DOCTYPE e><e/>")).IsUnread.ShouldBeTrue();
        foreach (var text in new[] { "", "   ", "text", "{}", "a < b", "<e/>", $"<e>{far}</e>" })
        {
            Read(text).IsUnread.ShouldBeFalse(text.Trim());
        }
    }
}
