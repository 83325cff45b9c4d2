namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>A place in a stream: the offset, and the earliest time, of the record that could follow there.</summary>
internal readonly record struct StreamPlace(string Stream, long Offset, long TimeMs);
