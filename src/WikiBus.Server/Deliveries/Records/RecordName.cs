using System.Globalization;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Records;

/// <summary>How people name a record: by its position, or as <c>STREAM@OFFSET</c>.</summary>
/// <param name="Position">The position; null: it is named by stream and offset.</param>
/// <param name="Stream">The stream; null: it is named by its position.</param>
/// <param name="Offset">The offset in the stream.</param>
internal sealed record RecordName(long? Position, string? Stream, long Offset)
{
    /// <summary>Null: the text does not name a record.</summary>
    public static RecordName? TryParse(string text)
    {
        var at = text.LastIndexOf('@');
        if (!long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return at < 0 ? new RecordName(number, Stream: null, 0)
            : at > 0 ? new RecordName(Position: null, text[..at], number)
            : null;
    }

    /// <summary>The name of a record: <c>STREAM@OFFSET</c>.</summary>
    public static string Of(string stream, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{stream}@{offset}");

    /// <summary>A copy of the record; null: the log does not have it, or does not have it any more.</summary>
    /// <exception cref="LogDamagedException">It cannot be read.</exception>
    public DeliveryRecord? Find(EventLog log)
    {
        var position = Position ?? (log.HasStream(Stream!) ? log.FindPosition(Stream!, Offset) : log.EndPosition);
        if (position < log.FirstPosition || position >= log.EndPosition)
        {
            return null;
        }

        using var reader = log.OpenReader(position);
        using var batch = new RecordBatch();
        reader.Read(batch);
        return batch.Records is [var record, ..] && record.Position == position
            && (Position is not null || (record.Stream == Stream && record.Offset == Offset))
            ? DeliveryRecord.Of(record)
            : null;
    }

    public override string ToString() => Position is { } position
        ? position.ToString(CultureInfo.InvariantCulture)
        : Of(Stream!, Offset);
}
