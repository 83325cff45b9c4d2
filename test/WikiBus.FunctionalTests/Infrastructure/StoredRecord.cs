namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A copy of a record of the log, as text.</summary>
internal sealed record StoredRecord(
    string Stream, long Offset, string Payload, string Id, string Channel, int MetaEnd,
    IReadOnlyDictionary<string, string> Attributes);
