namespace WikiBus.Events.MediaWiki;

/// <summary>Something outside the wiki changed a page, for example data of Wikibase that the page shows.</summary>
public sealed record RecentExternalChange : RecentChange
{
    /// <summary>The revision of the page before the change; 0 if there was none.</summary>
    public long OldRevisionId { get; init => field = Require.NotNegative(value); }

    /// <summary>The revision of the page with the change, often the same.</summary>
    public required long NewRevisionId { get; init => field = Require.NotNegative(value); }

    internal override string Type => "external";
}
