using System.Globalization;
using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>Builds the events about pages, and those that tell a page's readers of other changes.</summary>
internal static class PageEvents
{
    /// <summary>
    /// Builds the event of a change. If the page is a talk page with a front page, an event about the front page
    /// follows, with the same extra elements.
    /// </summary>
    public static List<DekiEvent> Changed(
        DekiWiki wiki, DekiPage page, DekiUser user, string action, Action<XmlBuilder>? writeExtra = null)
    {
        var events = new List<DekiEvent> { Event(wiki, page, user, action, writeExtra) };
        if (page is { IsTalk: true, FrontPage: { } front })
        {
            events.Add(Event(wiki, front, user, $"dependentschanged/talk/{action}", writeExtra));
        }

        return events;
    }

    /// <summary>Builds the events that tell a page's readers of a change; none if there is no page any more.</summary>
    public static List<DekiEvent> DependentChanged(DekiWiki wiki, DekiPage? page, DekiUser user, string action) =>
        page is null ? [] : Changed(wiki, page, user, $"dependentschanged/{action}");

    public static List<DekiEvent> Moved(DekiWiki wiki, DekiPage previous, DekiPage page, DekiUser user)
    {
        var draft = EventDraft.WithChannel(wiki, "pages/move");
        var previousPath = UiPath.Of(previous);
        WritePage(draft.Xml, wiki, page, user);
        draft.Xml.Element("previous-path", previousPath);
        return [draft.Complete(
            Resource(wiki, page), Uri(wiki, page), BrowserUri(previousPath), BrowserUri(UiPath.Of(page)))];
    }

    public static List<DekiEvent> SecurityChanged(DekiWiki wiki, DekiPage page, DekiCascade cascade, string action)
    {
        var draft = EventDraft.WithChannel(wiki, $"pages/security/{action}");
        var browserUri = BrowserUri(UiPath.Of(page));
        draft.Xml.Element("uri", Uri(wiki, page))
            .Element("pageid", page.Id)
            .Empty("security", ("cascade", NameOf(cascade)));
        return [draft.Complete(Resource(wiki, page), Uri(wiki, page), browserUri)];
    }

    /// <summary>The page's URI in the API.</summary>
    public static string Uri(DekiWiki wiki, DekiPage page, string below = "") =>
        $"{wiki.Api}/pages/{page.Id}{below}?redirects=0";

    public static void WriteUser(XmlBuilder xml, DekiWiki wiki, DekiUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var id = user.Id.ToString(CultureInfo.InvariantCulture);
        xml.Start("user", ("id", id), ("anonymous", user.IsAnonymous ? "true" : "false"))
            .Element("uri", $"{wiki.Api}/users/{id}")
            .End("user");
    }

    private static DekiEvent Event(
        DekiWiki wiki, DekiPage page, DekiUser user, string action, Action<XmlBuilder>? writeExtra)
    {
        var draft = EventDraft.WithChannel(wiki, $"pages/{action}");
        WritePage(draft.Xml, wiki, page, user);
        writeExtra?.Invoke(draft.Xml);
        return draft.Complete(Resource(wiki, page), Uri(wiki, page), BrowserUri(UiPath.Of(page)));
    }

    private static void WritePage(XmlBuilder xml, DekiWiki wiki, DekiPage page, DekiUser user)
    {
        var path = UiPath.Of(page);
        xml.Element("uri", Uri(wiki, page)).Element("pageid", page.Id);
        WriteUser(xml, wiki, user);
        xml.Element(
                "content.uri",
                $"{Uri(wiki, page, "/contents")}&revision={page.Revision}&format=xhtml",
                ("type", "application/xml"))
            .Element("revision.uri", $"{Uri(wiki, page, "/revisions")}&revision={page.Revision}")
            .Element("tags.uri", Uri(wiki, page, "/tags"))
            .Element("comments.uri", Uri(wiki, page, "/comments"))
            .Element("path", path);
    }

    private static string NameOf(DekiCascade cascade) => cascade switch
    {
        DekiCascade.None => "none",
        DekiCascade.Delta => "delta",
        DekiCascade.Absolute => "absolute",
        _ => throw new ArgumentOutOfRangeException(nameof(cascade), cascade, "It is not a kind of cascade."),
    };

    private static string Resource(DekiWiki wiki, DekiPage page) => $"{wiki.ApiOfWiki}/pages/{page.Id}";

    private static string BrowserUri(string path) => $"http://localhost/{path}";
}
