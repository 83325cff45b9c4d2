namespace WikiBus.Events.Deki;

/// <summary>Builds the events about files.</summary>
internal static class FileEvents
{
    public static List<DekiEvent> Changed(DekiWiki wiki, DekiFile file, string action)
    {
        ArgumentNullException.ThrowIfNull(file);
        var draft = EventDraft.WithChannel(wiki, $"files/{action}");
        var uri = $"{wiki.Api}/{file.Path}";
        draft.Xml.Element("fileid", file.Id)
            .Element("uri", uri)
            .Element("content.uri", uri)
            .Element("revision.uri", $"{uri}/info?revision={file.Revision}")
            .Element("path", $"{wiki.ApiPath}/{file.Path}");
        return [draft.Complete($"{wiki.ApiOfWiki}/{file.Path}", uri)];
    }

    public static List<DekiEvent> ChangedWithPage(DekiWiki wiki, DekiFile file, DekiUser user, string action) =>
        [.. PageChanged(wiki, file, user, action), .. Changed(wiki, file, action)];

    public static List<DekiEvent> Moved(DekiWiki wiki, DekiFile file, DekiPage? source, DekiUser user) =>
    [
        .. PageEvents.DependentChanged(wiki, source, user, "files/delete"),
        .. PageChanged(wiki, file, user, "create"),
        .. Changed(wiki, file, "move"),
    ];

    private static List<DekiEvent> PageChanged(DekiWiki wiki, DekiFile file, DekiUser user, string action)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Page is null || file.Page.Id == file.PageId
            ? PageEvents.DependentChanged(wiki, file.Page, user, $"files/{action}")
            : throw new ArgumentException(
                $"The file's page has the id {file.Page.Id} instead of {file.PageId}.", nameof(file));
    }
}
