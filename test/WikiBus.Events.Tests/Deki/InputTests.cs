using System.Text;
using WikiBus.Events.Deki;

namespace WikiBus.Events.Tests.Deki;

public sealed class InputTests
{
    private static readonly DekiWiki s_wiki = new()
    {
        Id = "default",
        ApiUri = new Uri("http://wiki.example.org/@api/deki"),
        Time = new DateTimeOffset(2011, 3, 4, 5, 6, 7, 891, TimeSpan.Zero),
    };

    private static readonly DekiPage s_page = new() { Id = 42, Title = "Sandbox", Revision = 3 };
    private static readonly DekiUser s_user = new() { Id = 7, Name = "Maria" };
    private static readonly DekiFile s_file = new() { Id = 15, Revision = 2, PageId = 42, Page = s_page };
    private static readonly DekiComment s_comment = new() { Number = 1, PosterId = 7, Content = "Nice." };
    private static readonly DekiBan s_ban = new() { Id = 5, By = 1 };
    private static readonly DekiEvents s_events = new(s_wiki);

    private static readonly DekiProperty s_property = new()
    {
        Name = "color",
        MimeType = "text/plain",
        Content = "blue"u8.ToArray(),
    };

    public static TheoryData<string, Action> WrongInputs => new()
    {
        { "wiki", () => _ = new DekiEvents(null!) },
        { "Id", () => _ = s_wiki with { Id = "" } },
        { "Id", () => _ = s_wiki with { Id = "my wiki" } },
        { "Id", () => _ = s_wiki with { Id = "a/b" } },
        { "Id", () => _ = s_wiki with { Id = null! } },
        { "ApiUri", () => _ = s_wiki with { ApiUri = new Uri("/@api/deki", UriKind.Relative) } },
        { "ApiUri", () => _ = s_wiki with { ApiUri = new Uri("file:///@api/deki") } },
        { "ApiUri", () => _ = s_wiki with { ApiUri = new Uri("http://wiki.example.org/@api/deki?x=1") } },
        { "ApiUri", () => _ = s_wiki with { ApiUri = new Uri("http://me:secret@wiki.example.org/@api/deki") } },
        { "ApiUri", () => _ = s_wiki with { ApiUri = null! } },
        { "BaseUri", () => _ = s_wiki with { BaseUri = new Uri("wiki/", UriKind.Relative) } },
        { "Id", () => _ = s_page with { Id = 0 } },
        { "Revision", () => _ = s_page with { Revision = 0 } },
        { "Title", () => _ = s_page with { Title = null! } },
        { "FrontPage", () => _ = s_page with { FrontPage = s_page with { Namespace = DekiNamespace.UserTalk } } },
        { "page", () => s_events.PageUpdated(s_page with { Namespace = DekiNamespace.User, Title = "" }, s_user) },
        { "page", () => s_events.PageUpdated(null!, s_user) },
        { "user", () => s_events.PageUpdated(s_page, null!) },
        { "previous", () => s_events.PageMoved(null!, s_page, s_user) },
        { "page", () => s_events.PageMoved(s_page, null!, s_user) },
        { "page", () => s_events.PageSecurityDeleted(null!) },
        { "cascade", () => s_events.PageSecuritySet(s_page, (DekiCascade)7) },
        { "space", () => s_events.PageUpdated(s_page with { Namespace = (DekiNamespace)99 }, s_user) },
        { "Id", () => _ = s_user with { Id = 0 } },
        { "Name", () => _ = s_user with { Name = "" } },
        { "Number", () => _ = s_comment with { Number = 0 } },
        { "PosterId", () => _ = s_comment with { PosterId = 0 } },
        { "Content", () => _ = s_comment with { Content = null! } },
        { "comment", () => s_events.CommentCreated(s_page, null!, s_user) },
        { "page", () => s_events.CommentPoked(null!, s_comment, s_user) },
        { "Id", () => _ = s_file with { Id = 0 } },
        { "Revision", () => _ = s_file with { Revision = 0 } },
        { "PageId", () => _ = s_file with { PageId = 0 } },
        { "file", () => s_events.FileCreated(s_file with { PageId = 43 }, s_user) },
        { "file", () => s_events.FilePoked(null!) },
        { "file", () => s_events.FileMoved(null!, s_page, s_user) },
        { "user", () => s_events.FileCreated(s_file, null!) },
        { "Name", () => _ = s_property with { Name = "" } },
        { "MimeType", () => _ = s_property with { MimeType = "text" } },
        { "MimeType", () => _ = s_property with { MimeType = "text/plain; charset=klingon" } },
        { "id", () => DekiPropertyOwner.OfPage(0, null) },
        { "page", () => DekiPropertyOwner.OfPage(43, s_page) },
        { "id", () => DekiPropertyOwner.OfUser(0, null) },
        { "user", () => DekiPropertyOwner.OfUser(8, s_user) },
        { "file", () => DekiPropertyOwner.OfFile(null!) },
        { "property", () => s_events.PropertyCreated(null!, DekiPropertyOwner.Site, s_user) },
        { "owner", () => s_events.PropertyCreated(s_property, null!, s_user) },
        { "user", () => s_events.PropertyCreated(s_property, DekiPropertyOwner.Site, null!) },
        { "user", () => s_events.UserCreated(null!) },
        { "Id", () => _ = s_ban with { Id = 0 } },
        { "By", () => _ = s_ban with { By = 0 } },
        { "UserIds", () => _ = s_ban with { UserIds = [12, 0] } },
        { "Addresses", () => _ = s_ban with { Addresses = [""] } },
        { "ban", () => s_events.BanCreated(null!) },
        { "state", () => s_events.LicenseUpdated(DekiLicenseState.Trial, (DekiLicenseState)9) },
        { "Path", () => Message("text/plain", "x", []) },
        { "Path", () => Message("text/plain", "x", [""]) },
        { "Path", () => Message("text/plain", "x", ["a/b"]) },
        { "ContentType", () => Message("application/json", "{}", ["notify"]) },
        { "ContentType", () => Message("text/html", "<p>Hi", ["notify"]) },
        { "ContentType", () => Message("", "x", ["notify"]) },
        { "Body", () => Message("text/plain", new string('x', DekiMessage.BodyBytesMax + 1), ["notify"]) },
        { "message", () => Send("application/xml", "<a>") },
        { "message", () => Send("application/xml", "") },
        { "message", () => Send("application/xml", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>") },
        { "message", () => Send("application/xml", new StringBuilder().Insert(0, "<a>", 40_000).ToString()) },
        { "message", () => Send("application/x-www-form-urlencoded", "a%20b=1") },
        { "message", () => s_events.PageMessageSent(s_page, s_user, null!) },
    };

    [Theory]
    [MemberData(nameof(WrongInputs), DisableDiscoveryEnumeration = true)]
    public void WrongInput_IsRefusedByName(string parameter, Action call) =>
        Should.Throw<ArgumentException>(call).ParamName.ShouldBe(parameter);

    [Theory]
    [InlineData("R&D bot", null, "index.php")]
    [InlineData("100%", null, "index.php")]
    [InlineData("Anna Lena", null, "User:Anna+Lena")]
    [InlineData("Maria", "http://ui.example.org/wiki/", "wiki/User:Maria")]
    [InlineData("R&D bot", "http://ui.example.org/wiki/", "wiki/User:R%26D%2bbot")]
    [InlineData("Maria", "http://ui.example.org:8080/wiki/index.php?title=", "wiki/index.php")]
    public void TheHomePageOfAUser_HasNoQuery(string name, string? baseUri, string path)
    {
        var wiki = s_wiki with { BaseUri = baseUri is null ? null : new Uri(baseUri) };
        var built = new DekiEvents(wiki).UserUpdated(s_user with { Name = name });
        DekiEvent.Parse(built.ShouldHaveSingleItem().Document).Path.ShouldBe(path);
    }

    [Theory]
    [InlineData("bell\u0007", "bell\uFFFD")]
    [InlineData("\u0001\uFFFE\uFFFF", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("whole \U0001F389 pair", "whole \U0001F389 pair")]
    [InlineData("\t & < > \" '", "\t & < > \" '")]
    public void CharactersThatXmlForbids_AreReplaced(string content, string expected)
    {
        var comment = s_comment with { Content = content, ContentType = content };
        var document = DekiEvent.Parse(s_events.CommentPoked(s_page, comment, s_user)[0].Document);
        document.Content.ShouldBe(expected);
        document.ContentType.ShouldBe(expected.Replace('\t', ' '));
    }

    [Fact]
    public void HalfCharacters_AreReplaced()
    {
        var comment = s_comment with { Content = "\uDF89 half \uD83C" };
        s_events.CommentPoked(s_page, comment, s_user)[0].Document.ShouldContain(">\uFFFD half \uFFFD<");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "", "<form />")]
    [InlineData("application/x-www-form-urlencoded", "a=1&a=%3C2%3E&b", "<form><a>1</a><a>&lt;2&gt;</a></form>")]
    [InlineData("application/xml", "<?xml version='1.0' encoding='utf-16'?><!-- c --><a>é</a>", "<a>é</a>")]
    [InlineData("application/xml", "<a x='1&#10;2'>&#13;</a>", "<a x=\"1\n2\">\r</a>")]
    [InlineData("text/xml", "<a>é</a>", "<a>??</a>")]
    [InlineData("text/plain; charset=\"utf-8\"", "\uFEFFx", "x")]
    public void TheBodyOfAMessage_IsReadByItsType(string type, string body, string expected) =>
        Send(type, body)[0].Document.ShouldContain($"\">{expected}</body></deki-event>");

    [Fact]
    public void TheApiMayHaveASlashAtItsEnd()
    {
        var events = new DekiEvents(s_wiki with { ApiUri = new Uri("https://Wiki.example.org:443/@api/deki/") });
        var built = events.FilePoked(s_file)[0];
        built.Resource.ShouldBe("https://default/@api/deki/files/15");
        built.Origins.ShouldBe(["https://wiki.example.org/@api/deki/files/15"]);
        DekiEvent.Parse(built.Document).Path.ShouldBe("/@api/deki/files/15");
    }

    [Fact]
    public void TheTimeOfAnEvent_IsInUtc()
    {
        var time = new DateTimeOffset(2011, 3, 4, 1, 0, 0, 999, TimeSpan.FromHours(2));
        new DekiEvents(s_wiki with { Time = time }).SiteStarted()[0].Document
            .ShouldStartWith("<deki-event wikiid=\"default\" event-time=\"2011-03-03T23:00:00Z\">");
    }

    private static DekiMessage Message(string type, string body, string[] path) =>
        new() { Path = path, ContentType = type, Body = Encoding.UTF8.GetBytes(body) };

    private static IReadOnlyList<DekiEvent> Send(string type, string body) =>
        s_events.PageMessageSent(s_page, s_user, Message(type, body, ["notify"]));
}
