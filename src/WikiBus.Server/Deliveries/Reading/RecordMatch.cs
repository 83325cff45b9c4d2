using WikiBus.Json;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Envelopes;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Reading;

/// <summary>
/// Compares one record with many rules. Its JSON is read at most once, and only if rules have filters.
/// </summary>
internal ref struct RecordMatch
{
    private readonly LogRecord _record;
    private readonly JsonTape _tape;
    private bool? _isJson;

    /// <param name="record">The record.</param>
    /// <param name="tape">Memory for its JSON.</param>
    public RecordMatch(in LogRecord record, JsonTape tape)
    {
        _record = record;
        _tape = tape;
        Header = RecordHeader.Of(record);
    }

    public RecordHeader Header { get; }

    /// <summary>How many rules had to evaluate filters.</summary>
    public int EvaluatedCount { get; private set; }

    /// <summary>Do the rules want the record? They want its stream already.</summary>
    public bool IsWantedBy(RecordRules rules)
    {
        if (!rules.MatchesHeader(Header))
        {
            return false;
        }

        if (!rules.HasFilters)
        {
            return true;
        }

        _isJson ??= _tape.TryParse(EnvelopeWriter.JsonOf(_record), out _);
        EvaluatedCount++;
        return _isJson.Value && rules.Matches(_tape.Root);
    }
}
