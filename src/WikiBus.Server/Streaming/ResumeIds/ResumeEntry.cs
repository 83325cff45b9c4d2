namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>One entry of a client's last id.</summary>
/// <param name="Topic">A stream of ours, or a topic of the server that made the id.</param>
/// <param name="Partition">0 for ours.</param>
/// <param name="Offset">The next offset. Negative numbers are Kafka's: -1 the end, -2 the start, -2000-N the last N.
/// Null: not given.</param>
/// <param name="TimestampMs">The next time, Unix ms; -1 the end, -2 the start. Null: not given.</param>
/// <param name="Log">The log that <paramref name="Position"/> belongs to; null in ids of others.</param>
/// <param name="Position">The next position; null in ids of others.</param>
internal sealed record ResumeEntry(
    string Topic, long Partition, long? Offset, long? TimestampMs, string? Log, long? Position)
{
    /// <summary>Kafka's "the last N records" is this offset minus N.</summary>
    public const long KafkaTail = -2000;

    /// <summary>A bare name says nothing about a place.</summary>
    public bool IsPlaceless => Offset is null && TimestampMs is null && Position is null;
}
