namespace WikiBus.Events.MediaWiki;

/// <summary>Somebody edited a page.</summary>
public sealed record RecentEdit : RecentChange
{
    /// <summary>Whether the user called the change minor.</summary>
    public bool IsMinor { get; init; }

    /// <summary>Whether it was checked; sent if the wiki patrols (<see cref="WikiSite.PatrolsChanges"/>).</summary>
    public bool IsPatrolled { get; init; }

    /// <summary>The size before, in bytes.</summary>
    public required long OldLength { get; init => field = Require.NotNegative(value); }

    /// <summary>The size after, in bytes.</summary>
    public required long NewLength { get; init => field = Require.NotNegative(value); }

    /// <summary>The revision before.</summary>
    public required long OldRevisionId { get; init => field = Require.NotNegative(value); }

    /// <summary>The revision that the edit made.</summary>
    public required long NewRevisionId { get; init => field = Require.Id(value); }

    internal override string Type => "edit";
}
