namespace WikiBus.Events.MediaWiki;

/// <summary>A page got another title.</summary>
public sealed record PageMove
{
    /// <summary>The page as it was, with its former title.</summary>
    public required WikiPage Before { get; init; }

    /// <summary>The page as it is now: with the same id and another title.</summary>
    public required WikiPage After { get; init; }

    /// <summary>The revision that the move added to the page, at least 1.</summary>
    public required long RevisionId { get; init => field = Require.Id(value); }

    /// <summary>The revision before the move, at least 1.</summary>
    public required long ParentId { get; init => field = Require.Id(value); }

    /// <summary>
    /// The redirect that the move left at the former title; null if it left none. Only EventBus main has it in its
    /// events (<c>new_redirect_page</c>), REL1_39 has not.
    /// </summary>
    public RedirectLeft? Redirect { get; init; }
}
