namespace WikiBus.Events.MediaWiki;

/// <summary>What somebody wrote about a change.</summary>
/// <param name="Text">The comment as written; may be empty.</param>
/// <param name="Html">The comment as the wiki shows it (<c>parsedcomment</c>); null leaves it out of events.</param>
/// <exception cref="ArgumentException">A text has a lone surrogate.</exception>
public sealed record WikiComment(string Text, string? Html = null)
{
    /// <summary>The comment as written; may be empty.</summary>
    public string Text { get; init => field = Require.Unicode(value); } = Require.Unicode(Text);

    /// <summary>The comment as the wiki shows it (<c>parsedcomment</c>); null leaves it out of the events.</summary>
    public string? Html { get; init => field = Require.Unicode(value); } = Require.Unicode(Html);
}
