namespace WikiBus.Events.MediaWiki;

/// <summary>A page of the wiki.</summary>
public sealed record WikiPage
{
    /// <summary>The page's id, at least 1.</summary>
    public required long Id { get; init => field = Require.Id(value); }

    /// <summary>The number of its namespace: 0 for articles, 1 for their talk pages, …; not negative.</summary>
    public int Namespace { get; init => field = (int)Require.NotNegative(value); }

    /// <summary>
    /// Its title with the name of its namespace, as <c>Talk:Main Page</c>, at most 512 bytes. Blanks and underscores
    /// are equal.
    /// </summary>
    public required string Title { get; init => field = Require.Name(value); }

    /// <summary>Whether it is a redirect.</summary>
    public bool IsRedirect { get; init; }

    /// <summary>Where it leads, if it is a redirect. Only in <c>page_change</c>.</summary>
    public RedirectTarget? RedirectTarget { get; init; }

    /// <summary>Its item in Wikibase, as <c>Q42</c>; null if it has none. Only in <c>page_change</c>.</summary>
    public string? WikibaseItemId { get; init => field = Require.Unicode(value); }

    /// <summary>The title as events have it: with underscores.</summary>
    internal string Key => Title.Replace(' ', '_');
}
