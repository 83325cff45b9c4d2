using System.Text;
using Microsoft.AspNetCore.Http;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Events;
using WikiBus.Server.Dream.Publishing;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Dream.Publishing;

public sealed class EventDraftsTests
{
    private const string Document = "<deki-event wikiid='w' event-time='t'><pageid>5</pageid></deki-event>";

    private static readonly (string Name, string Value)[] s_headers =
    [
        ("X-Dream-Event-Id", "id-1"), ("X-Dream-Event-Channel", "event://w/deki/pages/create"),
        ("X-Dream-Event-Resource-Uri", "http://r/1"), ("X-Dream-Event-Origin-Uri", "http://o/1,http://o/2"),
        ("X-Dream-Event-Recipient-Uri", "http://a/1"), ("X-Dream-Event-Via-Uri", "http://v/1,http://v/2"),
    ];

    [Fact]
    public void Attributes_AreThoseOfTheHeaders_InTheirOrder()
    {
        var attributes = new AttributeReader(Make(Document).Attributes.Span);
        var read = new List<string>();
        while (attributes.Next())
        {
            read.Add($"{Encoding.UTF8.GetString(attributes.Name)}={Encoding.UTF8.GetString(attributes.Value)}");
        }

        read.ShouldBe(
        [
            "wiki=w", "publisher=key", "resource=http://r/1", "time=t", "origin=http://o/1", "origin=http://o/2",
            "recipient=http://a/1", "via=http://v/1", "via=http://v/2",
        ]);
    }

    [Theory]
    [InlineData(Document, "http://r/1", "w:5")]
    [InlineData("<e><pageid>5</pageid></e>", "http://r/1", "w:5")]
    [InlineData("<e wikiid='other'><pageid>5</pageid></e>", "http://r/1", "other:5")]
    [InlineData("<e wikiid='other'/>", "http://r/1", "http://r/1")]
    [InlineData("text", "", "event://w/deki/pages/create")]
    public void Key_IsThePage_ElseTheResource_ElseTheChannel(string document, string resource, string key) =>
        Encoding.UTF8.GetString(Make(document, ("X-Dream-Event-Resource-Uri", resource)).Key.Span).ShouldBe(key);

    [Theory]
    [InlineData("event://wiki/a", "wiki")]
    [InlineData("event://wiki:8080/a", "wiki")]
    [InlineData("event://own:x@wiki/a", "wiki")]
    [InlineData("event://own@wiki:8080/a", "wiki")]
    [InlineData("event:///a", "")]
    public void Host_IsWithoutUserAndPort(string channel, string host) => EventDrafts.HostOf(channel).ShouldBe(host);

    [Theory]
    [InlineData("X-Dream-Event-Via-Uri", "http://v/9", true)]
    [InlineData("X-Dream-Event-Recipient-Uri", "http://a/2", false)]
    [InlineData("X-Dream-Event-Recipient-Uri", "", false)]
    [InlineData("X-Dream-Event-Origin-Uri", "http://o/1", false)]
    [InlineData("X-Dream-Event-Resource-Uri", "", false)]
    [InlineData("X-Dream-Event-Channel", "event://w/deki/pages/update", false)]
    public void Content_IsAllButTheServicesThatItPassed(string name, string value, bool isSame) =>
        (Make(Document).Identity == Make(Document, (name, value)).Identity).ShouldBe(isSame);

    [Fact]
    public void Content_IncludesTheBody()
    {
        Make(Document).Identity.ShouldNotBe(Make(Document + " ").Identity);
        Make(Document).Identity.ShouldNotBe(Make(Document, hashSeed: 2).Identity);
        Make(Document, ("X-Dream-Event-Id", "")).Identity.Rule.ShouldBe(IdentityRule.AlwaysNew);
    }

    [Fact]
    public void HeadersThatAreTooLong_MakeNoRecord() => EventDrafts.Of(
        HeadersOf(("X-Dream-Event-Origin-Uri", $"http://o/{new string('x', AttributeWriter.BytesMax)}")),
        DocumentRoot.None, "id", "", default, Key(), hashSeed: 1).ShouldBeNull();

    private static RecordDraft Make(string document, params (string Name, string Value)[] changes) =>
        Make(document, hashSeed: 1, changes);

    private static RecordDraft Make(string document, ulong hashSeed, params (string Name, string Value)[] changes)
    {
        var body = Encoding.UTF8.GetBytes(document);
        var draft = EventDrafts.Of(
            HeadersOf(changes), DocumentRoot.Read(body), "id-1", "application/xml", body, Key(), hashSeed);
        return draft.ShouldNotBeNull();
    }

    private static EventHeaders HeadersOf(params (string Name, string Value)[] changes)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in s_headers.Concat(changes))
        {
            headers[name] = value;
        }

        EventHeaders.TryRead(headers, out var read, out var fault).ShouldBeTrue(fault);
        return read!;
    }

    private static Caller Key() => new("key", Role.Publish, Grant.All, new PublicRules([], []));
}
