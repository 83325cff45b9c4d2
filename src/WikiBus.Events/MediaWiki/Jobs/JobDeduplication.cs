namespace WikiBus.Events.MediaWiki;

/// <summary>
/// How a job is recognised as equal to another, so that only one of them is done. Equal jobs have the same type and
/// parameters. <c>requestId</c>, <c>jobReleaseTimestamp</c>, <c>rootJobSignature</c> and <c>rootJobTimestamp</c> never
/// count.
/// </summary>
public sealed record JobDeduplication
{
    /// <summary>
    /// True if the order of the parameters does not count, as for MediaWiki's <c>Job</c>. False if it does, as for its
    /// <c>JobSpecification</c>.
    /// </summary>
    public bool SortsParameters { get; init; } = true;

    /// <summary>Further parameters that do not count.</summary>
    public IReadOnlyList<string> IgnoredParameters { get; init => field = Require.Texts(value); } = [];
}
