using WikiBus.Storage;

namespace WikiBus.Server.Streaming;

/// <summary>Finds exact places in the log, where its indexes give near ones. Safe for concurrent use.</summary>
internal sealed class LogSearch(EventLog log)
{
    /// <summary>The offset that the stream goes on with at a position.</summary>
    public long FindOffset(string stream, long position)
    {
        var summary = log.FindStream(stream);
        if (summary is null || position > summary.LastPosition)
        {
            return summary?.NextOffset ?? 0;
        }

        var streams = new HashSet<string>(StringComparer.Ordinal) { stream };
        return FirstAt(position, new ReadFilter { Streams = streams })?.Offset ?? summary.NextOffset;
    }

    /// <summary>The time of append of the first record at or after a position; null when there is none.</summary>
    public long? FindTimeOf(long position) => position >= log.EndPosition ? null : FirstAt(position, null)?.TimeMs;

    /// <summary>
    /// The first record of some streams at or after a position that was appended before a time: is there one?
    /// </summary>
    public bool HasRecordBefore(long position, IReadOnlySet<string> streams, long timeMs) =>
        FirstAt(position, new ReadFilter { Streams = streams }) is { } first && first.TimeMs < timeMs;

    private (long Offset, long TimeMs)? FirstAt(long position, ReadFilter? filter)
    {
        using var reader = log.OpenReader(position, filter);
        using var batch = new RecordBatch();
        while (reader.Read(batch, bytesMax: 1))
        {
            if (batch.Records.Count > 0)
            {
                return (batch.Records[0].Offset, batch.Records[0].TimeMs);
            }
        }

        return null;
    }
}
