namespace WikiBus.Events;

/// <summary>A built-in stream.</summary>
/// <param name="Name">The stream's name.</param>
/// <param name="SchemaTitle">The title of its events' schema, without version: <c>mediawiki/page/move</c>.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Alias">Its other name in EventStreams; null if it has none.</param>
public sealed record StreamDefinition(string Name, string SchemaTitle, string Description, string? Alias = null);
