namespace WikiBus.Events.MediaWiki;

/// <summary>A complete event.</summary>
/// <param name="Stream">The stream that it belongs to (<c>meta.stream</c>).</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Id">Its id (<c>meta.id</c>).</param>
/// <param name="Json">The event: one JSON object, UTF-8, byte for byte as EventBus would post it.</param>
public sealed record MediaWikiEvent(string Stream, EventKinds Kind, Guid Id, ReadOnlyMemory<byte> Json);
