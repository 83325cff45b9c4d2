namespace WikiBus.Events.MediaWiki;

/// <summary>A redirect that a move left at the former title of a page.</summary>
/// <param name="PageId">The id of the redirect's page, at least 1.</param>
/// <param name="RevisionId">The id of its revision, at least 1.</param>
/// <exception cref="ArgumentException">An id is below 1, or above 2^53 − 1.</exception>
public sealed record RedirectLeft(long PageId, long RevisionId)
{
    /// <summary>The id of the redirect's page, at least 1.</summary>
    public long PageId { get; init => field = Require.Id(value); } = Require.Id(PageId);

    /// <summary>The id of its revision, at least 1.</summary>
    public long RevisionId { get; init => field = Require.Id(value); } = Require.Id(RevisionId);
}
