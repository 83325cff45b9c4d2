namespace WikiBus.Events.MediaWiki;

/// <summary>A link on a page: to a page of the same wiki, or to a URL.</summary>
public sealed record PageLink
{
    private PageLink(string target, bool isExternal)
    {
        Target = target;
        IsExternal = isExternal;
    }

    /// <summary>The title of the page, with underscores, or the URL.</summary>
    public string Target { get; }

    /// <summary>Whether the link leads to a URL.</summary>
    public bool IsExternal { get; }

    /// <summary>A link to a page of the wiki, which need not exist.</summary>
    /// <param name="title">Its title with the name of its namespace; blanks and underscores are equal.</param>
    /// <exception cref="ArgumentException">The title is blank, too long, or has a lone surrogate.</exception>
    public static PageLink ToPage(string title) => new(Require.Name(title).Replace(' ', '_'), isExternal: false);

    /// <summary>A link to a URL.</summary>
    /// <param name="url">The URL, as the wiki keeps it; the event encodes it once more.</param>
    /// <exception cref="ArgumentException">The URL is empty or has a lone surrogate.</exception>
    public static PageLink ToUrl(string url) => new(Require.Text(url), isExternal: true);
}
