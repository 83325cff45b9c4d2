using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Starting;

/// <summary>
/// Finds exact places in the log by its indexes, and by reading at most one record. Safe for concurrent use.
/// </summary>
internal sealed class LogSearch(EventLog log)
{
    /// <summary>The offset of the next record of a stream at or after a position.</summary>
    public long FindOffset(string stream, long position) =>
        log.FindFrom(stream, position)?.Offset ?? log.FindStream(stream)?.NextOffset ?? 0;

    /// <summary>The time of append of the first record at or after a position; null when there is none.</summary>
    public long? FindTimeOf(long position)
    {
        using var reader = log.OpenReader(position);
        using var batch = new RecordBatch();
        while (reader.Read(batch, bytesMax: 1))
        {
            if (batch.Records.Count > 0)
            {
                return batch.Records[0].TimeMs;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether the first record of some streams at or after a position was appended before a time, in Unix ms.
    /// </summary>
    public bool HasRecordBefore(long position, IEnumerable<string> streams, long timeMs)
    {
        var first = streams.Min(stream => log.FindFrom(stream, position)?.Position) ?? log.EndPosition;
        return FindTimeOf(first) < timeMs;
    }
}
