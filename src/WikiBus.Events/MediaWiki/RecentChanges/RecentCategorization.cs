namespace WikiBus.Events.MediaWiki;

/// <summary>A page came into a category or left it. The title is that of the category.</summary>
public sealed record RecentCategorization : RecentChange
{
    /// <summary>The revision of the page before; 0 if there was none.</summary>
    public long OldRevisionId { get; init => field = Require.NotNegative(value); }

    /// <summary>The revision of the page with the change.</summary>
    public required long NewRevisionId { get; init => field = Require.Id(value); }

    internal override string Type => "categorize";
}
