namespace WikiBus.Events.MediaWiki;

/// <summary>A page of the wiki.</summary>
public sealed record WikiPage
{
    /// <summary>The page's id, at least 1.</summary>
    public required long Id { get; init => field = Require.Id(value); }

    /// <summary>The number of its namespace: 0 for articles, 1 for their talk pages, 2 for users …</summary>
    public int Namespace { get; init; }

    /// <summary>
    /// Its title with the name of its namespace, as <c>Talk:Main Page</c>, at most 512 bytes. Blanks and underscores
    /// are equal.
    /// </summary>
    public required string Title { get; init => field = Require.Name(value); }

    /// <summary>Whether it is a redirect.</summary>
    public bool IsRedirect { get; init; }

    /// <summary>The title as events have it: with underscores.</summary>
    internal string Key => Title.Replace(' ', '_');
}
