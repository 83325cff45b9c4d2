namespace WikiBus.Events.MediaWiki;

/// <summary>What somebody wrote about a change.</summary>
/// <param name="Text">The comment as written; may be empty.</param>
/// <param name="Html">The comment as the wiki shows it (<c>parsedcomment</c>); null leaves it out of the events.</param>
public sealed record WikiComment(string Text, string? Html = null);
