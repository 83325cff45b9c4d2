using System.Text;
using Microsoft.Data.Sqlite;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Tables;

/// <summary>Reads and changes dead deliveries.</summary>
internal static class DeadTable
{
    private const string Columns = """
        w.number, w.position, w.stream, w.stream_offset, r.id, w.attempts, w.dead_at, w.last_at, w.last_status,
        w.last_message
        """;

    /// <summary>Dead deliveries of a lane, the one that died first at the beginning.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="after">The last one of the page before; null: from the beginning.</param>
    /// <param name="limit">Most rows.</param>
    public static List<DeadLetter> Read(
        SqliteConnection connection, long lane, DeadFilter filter, DeadPlace? after, int limit) => connection.Query(
        $"""
        SELECT {Columns} FROM delivery_waiting w JOIN delivery_records r ON r.number = w.number
        WHERE {Where(filter)} AND (w.dead_at > $after_at OR w.number > $after) ORDER BY w.dead_at, w.number LIMIT $limit
        """,
        ReadLetter,
        [.. Parameters(lane, filter, after), ("$after_at", after?.DeadAtMs ?? long.MinValue),
            ("$after", after?.Number ?? 0), ("$limit", limit)]);

    /// <summary>The lane of a dead delivery; null: there is no such one.</summary>
    public static long? FindLane(SqliteConnection connection, long number) => connection.Query(
        "SELECT lane FROM delivery_waiting WHERE number = $number AND dead_at IS NOT NULL",
        static row => (long?)row.GetInt64(0),
        ("$number", number)).SingleOrDefault();

    /// <summary>The payload of a dead delivery, and what decides who may read it.</summary>
    public static (string ContentType, byte[] Payload, byte[] Channel, byte[] Wiki) ReadPayload(
        SqliteConnection connection, long number) => connection.Query(
        "SELECT content_type, payload, channel, wiki FROM delivery_records WHERE number = $number",
        static row => (
            row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)),
        ("$number", number)).Single();

    public static int Count(SqliteConnection connection, long lane, DeadFilter filter) => connection.Query(
        $"SELECT count(*) FROM delivery_waiting w WHERE {Where(filter)}",
        static row => row.GetInt32(0),
        Parameters(lane, filter, after: null)).Single();

    /// <summary>Makes dead deliveries wait, as if they had not been tried.</summary>
    /// <param name="connection">The database, in a transaction.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="now">When they are due.</param>
    public static DeadSum Replay(
        SqliteConnection connection, long lane, DeadFilter filter, int limit, DateTimeOffset now) =>
        ForEach(connection, lane, filter, limit, number => connection.Execute(
            """
            UPDATE delivery_waiting SET line = 0, attempts = 0, tries = 0, next_at = $now, dead_at = NULL
            WHERE number = $number
            """,
            ("$number", number), ("$now", now.ToUnixTimeMilliseconds())));

    /// <summary>Removes dead deliveries. The history keeps that they were dropped.</summary>
    /// <param name="connection">The database, in a transaction.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="note">What the history keeps.</param>
    public static DeadSum Drop(
        SqliteConnection connection, long lane, DeadFilter filter, int limit, DropNote note) =>
        ForEach(connection, lane, filter, limit, number =>
        {
            connection.Execute(
                """
                INSERT INTO delivery_history (subscription, lane, position, time_ms, stream, stream_offset, try,
                  verdict, message, at, duration_ms)
                SELECT $subscription, lane, position, time_ms, stream, stream_offset, tries, $verdict, $message, $at, 0
                FROM delivery_waiting WHERE number = $number
                """,
                ("$number", number), ("$subscription", note.Subscription), ("$verdict", (int)Verdict.Dropped),
                ("$message", note.Message), ("$at", note.At.ToUnixTimeMilliseconds()));
            connection.Execute("DELETE FROM delivery_waiting WHERE number = $number", ("$number", number));
        });

    private static DeadSum ForEach(
        SqliteConnection connection, long lane, DeadFilter filter, int limit, Action<long> change)
    {
        var rows = connection.Query(
            $"""
            SELECT w.number, w.bytes FROM delivery_waiting w
            WHERE {Where(filter)} ORDER BY w.dead_at, w.number LIMIT $limit
            """,
            static row => (Number: row.GetInt64(0), Bytes: row.GetInt64(1)),
            [.. Parameters(lane, filter, after: null), ("$limit", limit)]);
        rows.ForEach(row => change(row.Number));
        return new DeadSum(rows.Count, rows.Sum(static row => row.Bytes));
    }

    private static string Where(DeadFilter filter)
    {
        var text = new StringBuilder(
            "w.lane = $lane AND w.dead_at IS NOT NULL AND w.dead_at >= $since AND w.dead_at <= $until");
        if (filter.Stream is not null)
        {
            text.Append(" AND w.stream = $stream");
        }

        if (filter.Number is not null)
        {
            text.Append(" AND w.number = $number");
        }

        return text.ToString();
    }

    private static (string Name, object Value)[] Parameters(long lane, DeadFilter filter, DeadPlace? after)
    {
        var since = Math.Max(
            filter.Since?.ToUnixTimeMilliseconds() ?? long.MinValue, after?.DeadAtMs ?? long.MinValue);
        List<(string, object)> parameters =
        [
            ("$lane", lane), ("$since", since),
            ("$until", filter.Until?.ToUnixTimeMilliseconds() ?? long.MaxValue),
        ];
        if (filter.Stream is { } stream)
        {
            parameters.Add(("$stream", stream));
        }

        if (filter.Number is { } number)
        {
            parameters.Add(("$number", number));
        }

        return [.. parameters];
    }

    private static DeadLetter ReadLetter(SqliteDataReader row)
    {
        var (stream, offset) = (row.GetString(2), row.GetInt64(3));
        return new DeadLetter(
            row.GetInt64(0), row.GetInt64(1), stream, offset, Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(4)),
            row.GetInt32(5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            WaitingTable.ReadLast(row, 7, stream, offset));
    }
}
