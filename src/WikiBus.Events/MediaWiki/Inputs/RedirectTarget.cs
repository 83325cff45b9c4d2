namespace WikiBus.Events.MediaWiki;

/// <summary>Where a redirect leads. The page need not exist.</summary>
public sealed record RedirectTarget
{
    /// <summary>The number of the target's namespace, not negative.</summary>
    public int Namespace { get; init => field = (int)Require.NotNegative(value); }

    /// <summary>The target's title with the name of its namespace; blanks and underscores are equal.</summary>
    public required string Title { get; init => field = Require.Name(value); }

    /// <summary>The id of the target's page; null if the wiki has no such page.</summary>
    public long? PageId { get; init => field = value is { } id ? Require.Id(id) : null; }

    /// <summary>Whether the target's page is a redirect, too.</summary>
    public bool IsRedirect { get; init; }

    /// <summary>The prefix of links to the other wiki that the target is in; null if it is in this wiki.</summary>
    public string? InterwikiPrefix { get; init => field = value is null ? null : Require.Text(value); }

    /// <summary>The target's item in Wikibase, as <c>Q42</c>; null if it has none.</summary>
    public string? WikibaseItemId { get; init => field = Require.Unicode(value); }

    /// <summary>The title as events have it: with underscores.</summary>
    internal string Key => Title.Replace(' ', '_');
}
