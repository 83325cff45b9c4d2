namespace WikiBus.Events;

/// <summary>A stream as the bus knows it without being told.</summary>
/// <param name="Name">The stream's name.</param>
/// <param name="SchemaTitle">The title of the schema whose versions its events have, without version:
/// <c>mediawiki/page/move</c>.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Alias">The name that EventStreams also serves it under; null when there is none.</param>
public sealed record StreamDefinition(string Name, string SchemaTitle, string Description, string? Alias = null);
