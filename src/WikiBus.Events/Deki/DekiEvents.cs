using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>
/// Builds the events of MindTouch Deki, byte for byte: one method for each method of Deki's change sink, which is named
/// in parentheses. Each returns the events of one change, in the order in which Deki publishes them. The methods are
/// pure: what Deki looks up in its database is an input. All members are safe for concurrent use.
/// </summary>
/// <param name="wiki">The wiki, as the request that causes the events sees it.</param>
public sealed class DekiEvents(DekiWiki wiki)
{
    private readonly DekiWiki _wiki = wiki ?? throw new ArgumentNullException(nameof(wiki));

    /// <summary>A page is to be indexed again, without a change. (<c>PagePoke</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PagePoked(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "noop");

    /// <summary>A page was made. (<c>PageCreate</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageCreated(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "create");

    /// <summary>A page was moved. Its front page learns nothing. (<c>PageMove</c>)</summary>
    /// <param name="previous">The page before the move.</param>
    /// <param name="page">The page after it.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageMoved(DekiPage previous, DekiPage page, DekiUser user) =>
        PageEvents.Moved(_wiki, previous, page, user);

    /// <summary>A page was saved. (<c>PageUpdate</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageUpdated(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "update");

    /// <summary>A page was set back to an older revision. (<c>PageRevert</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    /// <param name="revision">The revision that was asked for; a negative number counts back from the current
    /// one.</param>
    public IReadOnlyList<DekiEvent> PageReverted(DekiPage page, DekiUser user, int revision) =>
        PageEvents.Changed(_wiki, page, user, "revert", xml => xml.Element("reverted-to", revision));

    /// <summary>
    /// A page was deleted. Its files come first, each with <see cref="FileDeleted"/>. (<c>PageDelete</c>)
    /// </summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageDeleted(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "delete");

    /// <summary>
    /// A move left a redirect. The redirect is the page of this event, and of a <see cref="PageCreated"/> before it.
    /// (<c>PageAliasCreate</c>)
    /// </summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageAliasCreated(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "createalias");

    /// <summary>Somebody viewed a page. (<c>PageViewed</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageViewed(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "view");

    /// <summary>A page's tags were set. (<c>PageTagsUpdate</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageTagsUpdated(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "tags/update");

    /// <summary>Somebody rated a page. (<c>PageRated</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PageRated(DekiPage page, DekiUser user) =>
        PageEvents.Changed(_wiki, page, user, "rated");

    /// <summary>A page's security was replaced. (<c>PageSecuritySet</c>)</summary>
    /// <param name="page">The page.</param>
    /// <param name="cascade">How the change applies to the pages below it.</param>
    public IReadOnlyList<DekiEvent> PageSecuritySet(DekiPage page, DekiCascade cascade) =>
        PageEvents.SecurityChanged(_wiki, page, cascade, "create");

    /// <summary>A page's security was changed. (<c>PageSecurityUpdated</c>)</summary>
    /// <param name="page">The page.</param>
    /// <param name="cascade">How the change applies to the pages below it.</param>
    public IReadOnlyList<DekiEvent> PageSecurityUpdated(DekiPage page, DekiCascade cascade) =>
        PageEvents.SecurityChanged(_wiki, page, cascade, "update");

    /// <summary>A page's security was removed. (<c>PageSecurityDelete</c>)</summary>
    /// <param name="page">The page.</param>
    public IReadOnlyList<DekiEvent> PageSecurityDeleted(DekiPage page) =>
        PageEvents.SecurityChanged(_wiki, page, DekiCascade.None, "delete");

    /// <summary>A client sent a message about a page. (<c>PageMessage</c>)</summary>
    /// <param name="page">The page as it is now.</param>
    /// <param name="user">Who acts.</param>
    /// <param name="message">The message.</param>
    public IReadOnlyList<DekiEvent> PageMessageSent(DekiPage page, DekiUser user, DekiMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var body = message.ReadBody(nameof(message));
        return PageEvents.Changed(
            _wiki, page, user, $"message/{string.Join('/', message.Path)}", xml => xml.Raw(body));
    }

    /// <summary>A comment is to be indexed again, without a change. (<c>CommentPoke</c>)</summary>
    /// <param name="page">The page that it is on.</param>
    /// <param name="comment">The comment.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> CommentPoked(DekiPage page, DekiComment comment, DekiUser user) =>
        CommentEvents.Changed(_wiki, page, comment, user, "noop");

    /// <summary>Somebody commented on a page. (<c>CommentCreate</c>)</summary>
    /// <param name="page">The page that it is on.</param>
    /// <param name="comment">The comment.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> CommentCreated(DekiPage page, DekiComment comment, DekiUser user) =>
        CommentEvents.ChangedWithPage(_wiki, page, comment, user, "create");

    /// <summary>A comment was changed. (<c>CommentUpdate</c>)</summary>
    /// <param name="page">The page that it is on.</param>
    /// <param name="comment">The comment.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> CommentUpdated(DekiPage page, DekiComment comment, DekiUser user) =>
        CommentEvents.ChangedWithPage(_wiki, page, comment, user, "update");

    /// <summary>A comment was deleted. (<c>CommentDelete</c>)</summary>
    /// <param name="page">The page that it is on.</param>
    /// <param name="comment">The comment.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> CommentDeleted(DekiPage page, DekiComment comment, DekiUser user) =>
        CommentEvents.ChangedWithPage(_wiki, page, comment, user, "delete");

    /// <summary>A file is to be indexed again, without a change. (<c>AttachmentPoke</c>)</summary>
    /// <param name="file">The file.</param>
    public IReadOnlyList<DekiEvent> FilePoked(DekiFile file) => FileEvents.Changed(_wiki, file, "noop");

    /// <summary>A file was attached to a page. (<c>AttachmentCreate</c>)</summary>
    /// <param name="file">The file.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> FileCreated(DekiFile file, DekiUser user) =>
        FileEvents.ChangedWithPage(_wiki, file, user, "create");

    /// <summary>A file got a new revision. (<c>AttachmentUpdate</c>)</summary>
    /// <param name="file">The file.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> FileUpdated(DekiFile file, DekiUser user) =>
        FileEvents.ChangedWithPage(_wiki, file, user, "update");

    /// <summary>A file was deleted. (<c>AttachmentDelete</c>)</summary>
    /// <param name="file">The file.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> FileDeleted(DekiFile file, DekiUser user) =>
        FileEvents.ChangedWithPage(_wiki, file, user, "delete");

    /// <summary>A deleted file came back. (<c>AttachmentRestore</c>)</summary>
    /// <param name="file">The file.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> FileRestored(DekiFile file, DekiUser user) =>
        FileEvents.ChangedWithPage(_wiki, file, user, "restore");

    /// <summary>A file was moved to another page, or renamed. (<c>AttachmentMove</c>)</summary>
    /// <param name="file">The file after the move.</param>
    /// <param name="source">The page that it comes from, the same page if it was renamed; null if that page no longer
    /// exists.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> FileMoved(DekiFile file, DekiPage? source, DekiUser user) =>
        FileEvents.Moved(_wiki, file, source, user);

    /// <summary>A property was made. (<c>PropertyCreate</c>)</summary>
    /// <param name="property">The property.</param>
    /// <param name="owner">What it belongs to.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PropertyCreated(DekiProperty property, DekiPropertyOwner owner, DekiUser user) =>
        PropertyEvents.Changed(_wiki, property, owner, user, "create");

    /// <summary>A property was changed. (<c>PropertyUpdate</c>)</summary>
    /// <param name="property">The property.</param>
    /// <param name="owner">What it belongs to.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PropertyUpdated(DekiProperty property, DekiPropertyOwner owner, DekiUser user) =>
        PropertyEvents.Changed(_wiki, property, owner, user, "update");

    /// <summary>A property is being deleted. (<c>PropertyDelete</c>)</summary>
    /// <param name="property">The property.</param>
    /// <param name="owner">What it belongs to.</param>
    /// <param name="user">Who acts.</param>
    public IReadOnlyList<DekiEvent> PropertyDeleted(DekiProperty property, DekiPropertyOwner owner, DekiUser user) =>
        PropertyEvents.Changed(_wiki, property, owner, user, "delete");

    /// <summary>A user was made. (<c>UserCreate</c>)</summary>
    /// <param name="user">The user.</param>
    public IReadOnlyList<DekiEvent> UserCreated(DekiUser user) => UserEvents.Changed(_wiki, user, "create");

    /// <summary>A user was changed: profile, name, groups. (<c>UserUpdate</c>)</summary>
    /// <param name="user">The user.</param>
    public IReadOnlyList<DekiEvent> UserUpdated(DekiUser user) => UserEvents.Changed(_wiki, user, "update");

    /// <summary>A user got a new password. (<c>UserChangePassword</c>)</summary>
    /// <param name="user">The user.</param>
    public IReadOnlyList<DekiEvent> UserPasswordChanged(DekiUser user) =>
        UserEvents.Changed(_wiki, user, "update/password");

    /// <summary>A user logged in. (<c>UserLogin</c>)</summary>
    /// <param name="user">The user.</param>
    public IReadOnlyList<DekiEvent> UserLoggedIn(DekiUser user) => UserEvents.Changed(_wiki, user, "login");

    /// <summary>Users or addresses were banned. (<c>BanCreated</c>)</summary>
    /// <param name="ban">The ban.</param>
    public IReadOnlyList<DekiEvent> BanCreated(DekiBan ban) => UserEvents.BanChanged(_wiki, ban, "create");

    /// <summary>A ban was lifted. (<c>BanRemoved</c>)</summary>
    /// <param name="ban">The ban.</param>
    public IReadOnlyList<DekiEvent> BanRemoved(DekiBan ban) => UserEvents.BanChanged(_wiki, ban, "delete");

    /// <summary>The wiki is starting. (<c>InstanceStarting</c>)</summary>
    public IReadOnlyList<DekiEvent> SiteStarting() => SiteChanged("start");

    /// <summary>The wiki's services run. (<c>InstanceStarted</c>)</summary>
    public IReadOnlyList<DekiEvent> SiteStarted() => SiteChanged("started");

    /// <summary>The wiki stops. (<c>InstanceShutdown</c>)</summary>
    public IReadOnlyList<DekiEvent> SiteStopped() => SiteChanged("stop");

    /// <summary>The wiki's settings were changed. (<c>InstanceSettingsChanged</c>)</summary>
    public IReadOnlyList<DekiEvent> SiteSettingsUpdated() => SiteChanged("settings/update");

    /// <summary>The state of the wiki's license changed. (<c>LicenseUpdated</c>)</summary>
    /// <param name="previous">The state before.</param>
    /// <param name="current">The state after.</param>
    public IReadOnlyList<DekiEvent> LicenseUpdated(DekiLicenseState previous, DekiLicenseState current) =>
        SiteChanged("license/update", xml => xml
            .Empty("previous-license", ("state", NameOf(previous)))
            .Empty("new-license", ("state", NameOf(current))));

    /// <summary>
    /// All pages, comments, files and users are about to be indexed again. (<c>IndexRebuildStart</c>)
    /// </summary>
    public IReadOnlyList<DekiEvent> IndexRebuildStarted() =>
        [EventDraft.WithChannel(_wiki, "site/reindex").Complete(resource: null, $"http://{_wiki.Id}/deki")];

    private List<DekiEvent> SiteChanged(string action, Action<XmlBuilder>? writeExtra = null)
    {
        var draft = EventDraft.WithChannel(_wiki, $"site/{action}");
        draft.Xml.Element("uri", _wiki.Api);
        writeExtra?.Invoke(draft.Xml);
        return [draft.Complete(_wiki.Api, _wiki.Api)];
    }

    private static string NameOf(DekiLicenseState state) => Enum.IsDefined(state)
        ? state.ToString().ToUpperInvariant()
        : throw new ArgumentOutOfRangeException(nameof(state), state, "It is not a state of a license.");
}
