namespace WikiBus.Server.Streaming.Listing;

/// <summary>The next offsets of all streams at one moment.</summary>
internal sealed record StreamSample(long Timestamp, IReadOnlyDictionary<string, long> NextOffsets);
