using WikiBus.Json;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Deliveries.Records;

/// <summary>Which records a subscription wants. Immutable; safe for concurrent use.</summary>
internal abstract class RecordRules
{
    /// <summary>Equal texts are equal rules.</summary>
    public abstract string Text { get; }

    /// <summary>Does <see cref="Matches"/> need the event's JSON?</summary>
    public virtual bool HasFilters => false;

    /// <summary>
    /// Patterns by which an index finds the rules, so that they are not compared with every record. None: the index
    /// compares them with each record of their streams.
    /// </summary>
    public virtual IReadOnlyList<PatternPair> Patterns => [];

    /// <summary>The recipients by which an index finds the rules for a record that names recipients.</summary>
    public virtual IReadOnlyList<string> Recipients => [];

    /// <summary>Does it want records of this stream?</summary>
    public virtual bool HasStream(string stream) => true;

    /// <summary>Does everything but the JSON match? The stream does already.</summary>
    public abstract bool MatchesHeader(in RecordHeader header);

    /// <summary>Do all filters match?</summary>
    public virtual bool Matches(JsonTapeValue root) => true;

    /// <summary>The first term that the record does not match, for people; null: it matches.</summary>
    public abstract string? FindMiss(DeliveryRecord record);
}
