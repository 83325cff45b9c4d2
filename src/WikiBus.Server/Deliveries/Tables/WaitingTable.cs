using Microsoft.Data.Sqlite;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Tables;

/// <summary>Reads waiting deliveries.</summary>
internal static class WaitingTable
{
    /// <summary>Finds them by the index of rows that are due.</summary>
    public const string DueQuery =
        """
        SELECT w.number, w.line, w.attempts, w.tries, w.next_at, w.position, w.time_ms, w.stream, w.stream_offset,
          w.key_hash, r.content_type, r.id, r.channel, r.wiki, r.payload, r.attributes
        FROM delivery_waiting w JOIN delivery_records r ON r.number = w.number
        WHERE w.lane = $lane AND w.next_at IS NOT NULL AND w.next_at <= $until ORDER BY w.next_at LIMIT $limit
        """;

    /// <summary>The rows of a lane that are due first.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="until">Rows that are due later are not loaded.</param>
    /// <param name="limit">Most rows.</param>
    public static LoadedRows Load(SqliteConnection connection, long lane, DateTimeOffset until, int limit)
    {
        var rows = connection.Query(
            DueQuery,
            ReadRow,
            ("$lane", lane), ("$until", until.ToUnixTimeMilliseconds()), ("$limit", limit));
        if (rows.Count == limit)
        {
            // There may be more of the same time.
            return new LoadedRows(rows, rows[^1].NextAt);
        }

        var next = connection.Query(
            "SELECT min(next_at) FROM delivery_waiting WHERE lane = $lane AND next_at IS NOT NULL AND next_at > $until",
            static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0),
            ("$lane", lane), ("$until", until.ToUnixTimeMilliseconds()));
        return new LoadedRows(
            rows, next is [{ } time] ? DateTimeOffset.FromUnixTimeMilliseconds(time) : DateTimeOffset.MaxValue);
    }

    /// <summary>The append time of the oldest waiting record of each subscription that has one, Unix ms.</summary>
    public static Dictionary<long, long> ReadOldest(SqliteConnection connection) => connection.Query(
        """
        SELECT l.subscription, min(w.time_ms)
        FROM (SELECT lane, min(position) AS position FROM delivery_waiting INDEXED BY delivery_waiting_lines
              WHERE dead_at IS NULL GROUP BY lane) o
          JOIN delivery_waiting w ON w.lane = o.lane AND w.position = o.position
          JOIN delivery_lanes l ON l.number = o.lane
        GROUP BY l.subscription
        """,
        static row => (Subscription: row.GetInt64(0), TimeMs: row.GetInt64(1)))
        .ToDictionary(static row => row.Subscription, static row => row.TimeMs);

    /// <summary>The waiting row of a record, else its dead one; null: there is neither.</summary>
    public static RecordRow? Find(SqliteConnection connection, long subscription, HistoryFilter filter)
    {
        List<(string, object)> parameters = [("$subscription", subscription)];
        return connection.Query(
            $"""
            SELECT number, position, stream, stream_offset, attempts, next_at, dead_at, last_at, last_status,
              last_message
            FROM delivery_waiting
            WHERE lane IN (SELECT number FROM delivery_lanes WHERE subscription = $subscription)
            {filter.Terms(parameters)} ORDER BY dead_at IS NOT NULL, number DESC LIMIT 1
            """,
            static row => new RecordRow(
                row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt32(4), TimeOf(row, 5),
                TimeOf(row, 6), ReadLast(row, 7, row.GetString(2), row.GetInt64(3))),
            [.. parameters]).SingleOrDefault();
    }

    /// <summary>
    /// The last try of a row, from the columns <c>last_at</c>, <c>last_status</c> and <c>last_message</c>; null: it was
    /// not tried.
    /// </summary>
    public static LastError? ReadLast(SqliteDataReader row, int column, string stream, long offset) =>
        row.IsDBNull(column)
            ? null
            : new LastError(
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column)),
                RecordName.Of(stream, offset),
                row.IsDBNull(column + 1) ? null : row.GetInt32(column + 1),
                row.IsDBNull(column + 2) ? "" : row.GetString(column + 2));

    private static DateTimeOffset? TimeOf(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static LoadedRow ReadRow(SqliteDataReader row) => new(
        row.GetInt64(0),
        (ulong)row.GetInt64(1),
        row.GetInt32(2),
        row.GetInt32(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        new DeliveryRecord
        {
            Position = row.GetInt64(5),
            TimeMs = row.GetInt64(6),
            Stream = row.GetString(7),
            Offset = row.GetInt64(8),
            KeyHash = (ulong)row.GetInt64(9),
            ContentType = row.GetString(10),
            Id = row.GetFieldValue<byte[]>(11),
            Channel = row.GetFieldValue<byte[]>(12),
            Wiki = row.GetFieldValue<byte[]>(13),
            Payload = row.GetFieldValue<byte[]>(14),
            Attributes = row.GetFieldValue<byte[]>(15),
        });
}

/// <summary>Rows that were loaded, and when the next one is due.</summary>
internal sealed record LoadedRows(IReadOnlyList<LoadedRow> Rows, DateTimeOffset NextDue);

/// <summary>A waiting delivery.</summary>
internal sealed record LoadedRow(
    long Number, ulong Line, int Attempts, int Tries, DateTimeOffset NextAt, DeliveryRecord Record);

/// <summary>A row of a record that waits or is dead.</summary>
internal sealed record RecordRow(
    long Number, long Position, string Stream, long Offset, int Attempts, DateTimeOffset? NextAt,
    DateTimeOffset? DeadAt, LastError? Last);
