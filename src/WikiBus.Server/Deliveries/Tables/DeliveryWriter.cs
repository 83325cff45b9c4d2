using Microsoft.Data.Sqlite;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Tables;

/// <summary>
/// Writes outcomes of deliveries, in the transaction that is open. Rows of a lane or subscription that is deleted
/// meanwhile are left out.
/// </summary>
internal sealed class DeliveryWriter(SqliteConnection connection) : IDisposable
{
    private SqliteCommand? _history;

    public void Dispose() => _history?.Dispose();

    public void Add(DeliveryTry one)
    {
        // The most frequent statement by far: compiled once for each transaction.
        _history ??= connection.Compile(
            """
            INSERT INTO delivery_history (subscription, lane, position, time_ms, stream, stream_offset, try, verdict,
              status, message, at, duration_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            parameterCount: 12);
        _history.Execute(
            one.Subscription, one.Lane, one.Position, one.TimeMs, one.Stream, one.Offset,
            one.TryNumber, (int)one.Verdict, OrNull(one.Status), OrNull(one.Message),
            one.At.ToUnixTimeMilliseconds(), (long)one.Duration.TotalMilliseconds);
    }

    /// <summary>Adds a row that waits, or is dead.</summary>
    public void Add(WaitingRow row, DeliveryRecord record)
    {
        var added = connection.Execute(
            """
            INSERT INTO delivery_waiting (lane, line, position, time_ms, stream, stream_offset, key_hash, bytes,
              attempts, tries, next_at, dead_at, last_at, last_status, last_message)
            SELECT $lane, $line, $position, $time, $stream, $offset, $key, $bytes, $attempts, $tries, $next, $dead,
              $last_at, $last_status, $last_message
            WHERE EXISTS (SELECT 1 FROM delivery_lanes WHERE number = $lane)
            """,
            ("$lane", row.Lane), ("$line", (long)row.Line), ("$position", record.Position), ("$time", record.TimeMs),
            ("$stream", record.Stream), ("$offset", record.Offset), ("$key", (long)record.KeyHash),
            ("$bytes", record.Bytes), ("$attempts", row.Attempts), ("$tries", row.Tries),
            ("$next", OrNull(row.NextAt?.ToUnixTimeMilliseconds())),
            ("$dead", OrNull(row.DeadAt?.ToUnixTimeMilliseconds())),
            ("$last_at", OrNull(row.Last?.At.ToUnixTimeMilliseconds())), ("$last_status", OrNull(row.Last?.Status)),
            ("$last_message", OrNull(row.Last?.Message)));
        if (added > 0)
        {
            connection.Execute(
                """
                INSERT INTO delivery_records (number, content_type, id, channel, wiki, attributes, payload)
                VALUES (last_insert_rowid(), $type, $id, $channel, $wiki, $attributes, $payload)
                """,
                ("$type", record.ContentType), ("$id", record.Id), ("$channel", record.Channel),
                ("$wiki", record.Wiki), ("$attributes", record.Attributes), ("$payload", record.Payload));
        }
    }

    /// <summary>A try of a waiting row failed: it waits on, or is dead.</summary>
    /// <param name="number">The row.</param>
    /// <param name="row">Its new values. A dead row moves to this lane.</param>
    public void Change(long number, WaitingRow row) => connection.Execute(
        """
        UPDATE delivery_waiting SET attempts = $attempts, tries = $tries, next_at = $next, dead_at = $dead,
          last_at = $last_at, last_status = $last_status, last_message = $last_message,
          lane = CASE WHEN $dead IS NULL THEN lane ELSE $lane END
        WHERE number = $number
        """,
        ("$number", number), ("$lane", row.Lane), ("$attempts", row.Attempts), ("$tries", row.Tries),
        ("$next", OrNull(row.NextAt?.ToUnixTimeMilliseconds())),
        ("$dead", OrNull(row.DeadAt?.ToUnixTimeMilliseconds())),
        ("$last_at", OrNull(row.Last?.At.ToUnixTimeMilliseconds())), ("$last_status", OrNull(row.Last?.Status)),
        ("$last_message", OrNull(row.Last?.Message)));

    /// <summary>Removes a waiting or dead row with its record.</summary>
    public void Remove(long number) =>
        connection.Execute("DELETE FROM delivery_waiting WHERE number = $number", ("$number", number));

    /// <summary>The first waiting row of a line may be sent from a time on.</summary>
    public void Release(long lane, ulong line, DateTimeOffset at) => connection.Execute(
        """
        UPDATE delivery_waiting SET next_at = $at WHERE next_at IS NULL AND number = (
          SELECT number FROM delivery_waiting WHERE lane = $lane AND line = $line AND dead_at IS NULL
          ORDER BY position LIMIT 1)
        """,
        ("$lane", lane), ("$line", (long)line), ("$at", at.ToUnixTimeMilliseconds()));

    public void SetCursor(long lane, string log, LaneCursor cursor) => connection.Execute(
        "UPDATE delivery_lanes SET log = $log, position = $position, time_ms = $time WHERE number = $lane",
        ("$lane", lane), ("$log", log), ("$position", cursor.Position), ("$time", cursor.TimeMs));

    /// <summary>Stores what the engine learnt about a subscription by itself.</summary>
    public void SetProgress(SubscriptionProgress progress) => connection.Execute(
        """
        UPDATE delivery_subscriptions SET state = $state, down_since = $down, expired_count = $expired,
          error_at = $error_at, error_record = $error_record, error_status = $error_status,
          error_message = $error_message
        WHERE number = $number
        """,
        ("$number", progress.Number), ("$state", (int)progress.State),
        ("$down", OrNull(progress.DownSince?.ToUnixTimeMilliseconds())), ("$expired", progress.ExpiredCount),
        ("$error_at", OrNull(progress.LastError?.At.ToUnixTimeMilliseconds())),
        ("$error_record", OrNull(progress.LastError?.Record)), ("$error_status", OrNull(progress.LastError?.Status)),
        ("$error_message", OrNull(progress.LastError?.Message)));

    /// <summary>Lists positions that the subscription never gets.</summary>
    public void AddRange(long subscription, string log, long from, long? end, string reason, DateTimeOffset at) =>
        connection.Execute(
            """
            INSERT INTO delivery_ranges (subscription, log, from_position, end_position, reason, at)
            SELECT $subscription, $log, $from, $end, $reason, $at
            WHERE EXISTS (SELECT 1 FROM delivery_subscriptions WHERE number = $subscription)
            """,
            ("$subscription", subscription), ("$log", log), ("$from", from), ("$end", OrNull(end)), ("$reason", reason),
            ("$at", at.ToUnixTimeMilliseconds()));

    /// <summary>A replay has ended.</summary>
    public void RemoveLane(long lane) => SubscriptionTable.DeleteLane(connection, lane);

    private static object OrNull<T>(T? value)
        where T : struct => value is { } given ? given : DBNull.Value;

    private static object OrNull(string? value) => value is null ? DBNull.Value : value;
}
