using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Starting;

/// <summary>
/// Finds exact places in the log: by its indexes, and by reading one record at most. Safe for concurrent use.
/// </summary>
internal sealed class LogSearch(EventLog log)
{
    /// <summary>The offset that the stream goes on with at a position.</summary>
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
    /// The first record of some streams at or after a position that was appended before a time: is there one?
    /// </summary>
    public bool HasRecordBefore(long position, IEnumerable<string> streams, long timeMs)
    {
        var first = streams.Min(stream => log.FindFrom(stream, position)?.Position) ?? log.EndPosition;
        return FindTimeOf(first) < timeMs;
    }
}
