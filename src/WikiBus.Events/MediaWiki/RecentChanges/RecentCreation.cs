namespace WikiBus.Events.MediaWiki;

/// <summary>Somebody made a page.</summary>
public sealed record RecentCreation : RecentChange
{
    /// <summary>Whether the user called the change minor.</summary>
    public bool IsMinor { get; init; }

    /// <summary>
    /// Whether it was checked; sent if the wiki patrols changes or new pages (<see cref="WikiSite.PatrolsNewPages"/>).
    /// </summary>
    public bool IsPatrolled { get; init; }

    /// <summary>The size of the page, in bytes.</summary>
    public required long Length { get; init => field = Require.NotNegative(value); }

    /// <summary>The page's first revision.</summary>
    public required long RevisionId { get; init => field = Require.Id(value); }

    internal override string Type => "new";
}
