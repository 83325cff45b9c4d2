namespace WikiBus.Events.Deki;

/// <summary>Builds the events about comments.</summary>
internal static class CommentEvents
{
    // A comment of this length or more is not in the event.
    private const int ContentCharactersLimit = 255;

    public static List<DekiEvent> Changed(
        DekiWiki wiki, DekiPage page, DekiComment comment, DekiUser user, string action)
    {
        ArgumentNullException.ThrowIfNull(comment);
        var draft = new EventDraft(wiki, $"comments/{action}");
        var uiPath = UiPath.Of(page);
        var place = $"/pages/{page.Id}/comments/{comment.Number}";
        var uri = wiki.Api + place;
        draft.Xml.Element("userid", comment.PosterId)
            .Element("pageid", page.Id)
            .Element("uri.page", PageEvents.Uri(wiki, page));
        PageEvents.WriteUser(draft.Xml, wiki, user);
        draft.Xml.Element("channel", draft.Channel)
            .Element("uri", uri)
            .Element("path", $"{uiPath}#comment{comment.Number}");
        if (comment.Content.Length < ContentCharactersLimit)
        {
            draft.Xml.Element("content", comment.Content, ("uri", $"{uri}/content"), ("type", comment.ContentType));
        }
        else
        {
            draft.Xml.Empty("content", ("uri", $"{uri}/content"));
        }

        return [draft.Complete(wiki.ApiOfWiki + place, uri)];
    }

    public static List<DekiEvent> ChangedWithPage(
        DekiWiki wiki, DekiPage page, DekiComment comment, DekiUser user, string action) =>
    [
        .. PageEvents.Changed(wiki, page, user, $"dependentschanged/comments/{action}"),
        .. Changed(wiki, page, comment, user, action),
    ];
}
