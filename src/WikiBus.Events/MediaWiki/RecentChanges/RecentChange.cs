namespace WikiBus.Events.MediaWiki;

/// <summary>
/// A line of the wiki's recent changes: <see cref="RecentEdit"/>, <see cref="RecentCreation"/>,
/// <see cref="RecentLogEntry"/>, <see cref="RecentCategorization"/> or <see cref="RecentExternalChange"/>. The time of
/// the change is that of the event's context.
/// </summary>
public abstract record RecentChange
{
    private protected RecentChange()
    {
    }

    /// <summary>Its number (<c>rc_id</c>); null for a log entry that is not in the wiki's own list.</summary>
    public long? Id { get; init => field = Require.NotNegative(value); }

    /// <summary>The number of the namespace of the title, −1 for special pages.</summary>
    public int Namespace { get; init; }

    /// <summary>
    /// The title of the page, with the name of its namespace: the page that changed, the category, or what a log entry
    /// is about. The page need not exist. Blanks and underscores are equal.
    /// </summary>
    public required string Title { get; init => field = Require.Name(value); }

    /// <summary>The name of the user who made the change, or the IP address.</summary>
    public required string UserName { get; init => field = Require.Name(value); }

    /// <summary>Whether it is marked as made by a bot.</summary>
    public bool IsBot { get; init; }

    /// <summary>What the user wrote about it.</summary>
    public WikiComment Comment { get; init; } = new("");

    /// <summary>The name of the kind (<c>type</c>).</summary>
    internal abstract string Type { get; }
}
