namespace WikiBus.Producer;

/// <summary>An event that a test of the wiki published.</summary>
/// <param name="Service">The service that would have got it.</param>
/// <param name="Stream">Its stream (<c>meta.stream</c>); null if it is none of MediaWiki's.</param>
/// <param name="Text">The event, as it would have been posted.</param>
public sealed record PublishedEvent(string Service, string? Stream, string Text);
