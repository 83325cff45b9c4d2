using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Starting;

/// <summary>
/// Finds exact places in the log by its indexes, and by reading little of it. Safe for concurrent use.
/// </summary>
internal sealed class LogSearch(EventLog log)
{
    /// <summary>One read passes over about 1 MiB at most.</summary>
    private const int ReadsMax = 8;

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
    /// Whether some streams have a record at or after a position that was appended before a time, in Unix ms. Reads
    /// behind the first record only if the clock was wrong; then, after <see cref="ReadsMax"/> reads, the answer is
    /// yes.
    /// </summary>
    /// <param name="position">Where to begin.</param>
    /// <param name="streams">The streams.</param>
    /// <param name="timeMs">The time.</param>
    /// <param name="beginStep">Awaited before each search and read of the log; may let others search first.</param>
    public async ValueTask<bool> HasRecordBeforeAsync(
        long position, IReadOnlyList<string> streams, long timeMs, Func<ValueTask> beginStep)
    {
        await beginStep();
        var end = log.FindEnd(timeMs);
        var first = log.EndPosition;
        foreach (var stream in streams)
        {
            await beginStep();
            first = Math.Min(first, log.FindFrom(stream, position)?.Position ?? first);
        }

        using var reader = log.OpenReader(first, new ReadFilter
        {
            Streams = streams.ToHashSet(StringComparer.Ordinal),
            Header = record => record.TimeMs < timeMs,
        });
        using var batch = new RecordBatch();
        for (var count = 0; count < ReadsMax && reader.Position < end; count++)
        {
            await beginStep();
            if (!reader.Read(batch, bytesMax: 1) || batch.Records.Count > 0)
            {
                return batch.Records.Count > 0;
            }
        }

        return reader.Position < end;
    }
}
