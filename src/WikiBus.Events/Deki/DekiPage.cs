namespace WikiBus.Events.Deki;

/// <summary>A page of the wiki.</summary>
public sealed record DekiPage
{
    /// <summary>The page's id, at least 1.</summary>
    public required long Id { get; init => field = Check.Id(value, nameof(Id)); }

    /// <summary>Its namespace.</summary>
    public DekiNamespace Namespace { get; init; }

    /// <summary>
    /// Its title without the namespace, as the database has it: <c>Sandbox/Sub_page</c>. Only the home page and its
    /// talk page have an empty title.
    /// </summary>
    public required string Title { get; init => field = NotNull(value); }

    /// <summary>The number of its current revision, at least 1.</summary>
    public required long Revision { get; init => field = Check.Id(value, nameof(Revision)); }

    /// <summary>
    /// For a talk page: the page that it is about, or null if there is none. That page's readers also learn what
    /// happens to its talk page.
    /// </summary>
    public DekiPage? FrontPage { get; init => field = NoTalk(value); }

    internal bool IsTalk => Namespace is DekiNamespace.MainTalk or DekiNamespace.UserTalk
        or DekiNamespace.ProjectTalk or DekiNamespace.TemplateTalk or DekiNamespace.HelpTalk
        or DekiNamespace.SpecialTalk;

    private static string NotNull(string title)
    {
        ArgumentNullException.ThrowIfNull(title, nameof(Title));
        return title;
    }

    private static DekiPage? NoTalk(DekiPage? page) => page is { IsTalk: true }
        ? throw new ArgumentException("The front page of a talk page is not a talk page.", nameof(FrontPage))
        : page;
}
