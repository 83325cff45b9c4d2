namespace WikiBus.Storage.Records;

/// <summary>What the indexes keep of a record.</summary>
internal readonly record struct RecordEntry(string Stream, long Position, long Offset, long TimeMs);
