namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>One event of <c>mediawiki.page_change.v1</c>.</summary>
/// <param name="ChangelogKind">What a copy of all pages does: <c>insert</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Kind">What was done to the page.</param>
/// <param name="Time">When it was done.</param>
/// <param name="Revision">The newest revision after the change, with the page.</param>
/// <param name="Performer">Who did it; null if that is not known or not for everybody.</param>
internal sealed record PageChange(
    string ChangelogKind, string Kind, DateTimeOffset Time, WikiRevision Revision, WikiUser? Performer)
{
    public string? Comment { get; init; }

    /// <summary>What the event says of the page that a redirect leads to.</summary>
    public RedirectDetail Redirect { get; init; } = RedirectDetail.WithPage;

    public long? RevisionCount { get; init; }

    public bool IsSuppressed { get; init; }

    public WikiRevert? Revert { get; init; }

    public WikiPage? CreatedRedirect { get; init; }

    /// <summary>Writes the content of <c>prior_state</c>; null if nothing differed.</summary>
    public Action<EntityWriter>? PriorState { get; init; }
}
