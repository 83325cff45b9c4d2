namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>A place in a stream: the offset and time that a record there would have at least.</summary>
internal readonly record struct StreamPlace(string Stream, long Offset, long TimeMs);
