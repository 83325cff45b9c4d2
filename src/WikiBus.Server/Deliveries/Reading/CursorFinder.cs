using WikiBus.Server.Deliveries.Tables;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Reading;

/// <summary>Makes the cursor of a lane that begins to read at a position.</summary>
internal static class CursorFinder
{
    /// <summary>
    /// The cursor at a position. Its time is that of a record: one above the position may be older than now, since a
    /// record gets its time before it is on disk.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="position">The position.</param>
    /// <param name="now">The time of the cursor if the log is empty.</param>
    public static LaneCursor At(EventLog log, long position, DateTimeOffset now)
    {
        using var reader = log.OpenReader(Math.Max(0, position - 1));
        using var batch = new RecordBatch();
        try
        {
            var timeMs = reader.Read(batch) ? batch.Records[0].TimeMs : now.ToUnixTimeMilliseconds();
            return new LaneCursor(position, timeMs);
        }
        catch (Exception exception) when (exception is LogDamagedException or IOException)
        {
            // The lane's own reader reports it if it comes to this place.
            return new LaneCursor(position, 0);
        }
    }
}
