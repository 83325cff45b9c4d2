using Microsoft.Data.Sqlite;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Tables;

/// <summary>Reads and changes subscriptions and their lanes.</summary>
internal static class SubscriptionTable
{
    private const string Columns =
        "number, id, feature, owner, definition, version, state, start_position, created_at, down_since, "
        + "expired_count, error_at, error_record, error_status, error_message";

    public static List<StoredSubscription> ReadAll(SqliteConnection connection) => connection.Query(
        $"SELECT {Columns} FROM delivery_subscriptions ORDER BY number", ReadSubscription);

    /// <summary>Adds a subscription and its live lane.</summary>
    /// <returns>The numbers of the subscription and of the lane.</returns>
    public static (long Number, long Lane) Add(
        SqliteConnection connection, StoredSubscription subscription, string log, LaneCursor cursor)
    {
        connection.Execute(
            """
            INSERT INTO delivery_subscriptions (id, feature, owner, definition, version, state, start_position,
              created_at)
            VALUES ($id, $feature, $owner, $definition, $version, $state, $start, $created)
            """,
            ("$id", subscription.Id), ("$feature", subscription.Feature), ("$owner", subscription.Owner),
            ("$definition", subscription.Definition), ("$version", subscription.Version),
            ("$state", (int)subscription.State), ("$start", subscription.StartPosition),
            ("$created", subscription.CreatedAt.ToUnixTimeMilliseconds()));
        var number = LastNumber(connection);
        return (number, AddLane(connection, number, log, cursor, end: null));
    }

    /// <summary>Adds a lane that begins at its cursor.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="subscription">The number of its subscription.</param>
    /// <param name="log">The log's id.</param>
    /// <param name="cursor">Where it begins.</param>
    /// <param name="end">Where it ends; null: never.</param>
    /// <returns>Its number.</returns>
    public static long AddLane(
        SqliteConnection connection, long subscription, string log, LaneCursor cursor, long? end)
    {
        connection.Execute(
            """
            INSERT INTO delivery_lanes (subscription, log, position, time_ms, start_position, end_position)
            VALUES ($subscription, $log, $position, $time, $position, $end)
            """,
            ("$subscription", subscription), ("$log", log), ("$position", cursor.Position), ("$time", cursor.TimeMs),
            ("$end", end is { } given ? given : DBNull.Value));
        return LastNumber(connection);
    }

    /// <summary>Replaces owner and definition. Nothing is known about the new destination.</summary>
    public static void Replace(
        SqliteConnection connection, long number, string owner, string definition, long version,
        bool isOtherDestination) => connection.Execute(
        """
        UPDATE delivery_subscriptions
        SET owner = $owner, definition = $definition, version = $version,
          down_since = CASE WHEN $other THEN NULL ELSE down_since END
        WHERE number = $number
        """,
        ("$number", number), ("$owner", owner), ("$definition", definition), ("$version", version),
        ("$other", isOtherDestination));

    /// <summary>Deletes a subscription with its lanes, waiting and dead deliveries and ranges.</summary>
    public static void Delete(SqliteConnection connection, long number) => connection.Execute(
        "DELETE FROM delivery_subscriptions WHERE number = $number", ("$number", number));

    /// <summary>The lanes of all subscriptions, the live one first.</summary>
    public static List<StoredLane> ReadLanes(SqliteConnection connection) => connection.Query(
        """
        SELECT number, subscription, log, position, time_ms, start_position, end_position FROM delivery_lanes
        ORDER BY subscription, number
        """,
        static row => new StoredLane(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), new LaneCursor(row.GetInt64(3), row.GetInt64(4)),
            row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6)));

    /// <summary>How many deliveries wait in each line of each lane, and their bytes.</summary>
    public static List<StoredLine> ReadLines(SqliteConnection connection) => connection.Query(
        """
        SELECT lane, line, count(*), sum(bytes) FROM delivery_waiting INDEXED BY delivery_waiting_lines
        WHERE dead_at IS NULL GROUP BY lane, line
        """,
        static row => new StoredLine(row.GetInt64(0), (ulong)row.GetInt64(1), row.GetInt32(2), row.GetInt64(3)));

    /// <summary>When the first waiting delivery of a lane is due; null: none is.</summary>
    public static DateTimeOffset? ReadNextDue(SqliteConnection connection, long lane) => connection.Query(
        "SELECT min(next_at) FROM delivery_waiting WHERE lane = $lane AND next_at IS NOT NULL",
        static row => row.IsDBNull(0) ? (DateTimeOffset?)null
            : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
        ("$lane", lane)).Single();

    /// <summary>How many dead deliveries each lane has, and their bytes.</summary>
    public static List<(long Lane, int Count, long Bytes)> ReadDead(SqliteConnection connection) => connection.Query(
        "SELECT lane, count(*), sum(bytes) FROM delivery_waiting WHERE dead_at IS NOT NULL GROUP BY lane",
        static row => (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2)));

    /// <summary>
    /// What is known about records of a lane from its cursor on. What died in a replay is a row of the live lane, which
    /// is younger than the replay's first try.
    /// </summary>
    public static List<StoredOutcome> ReadAhead(SqliteConnection connection, long subscription, StoredLane lane) =>
        connection.Query(
            $"""
            SELECT position, time_ms, max(try),
              max(verdict IN ({(int)Verdict.Done}, {(int)Verdict.Expired}, {(int)Verdict.Dropped}))
            FROM delivery_history
            WHERE subscription = $subscription AND position >= $position AND lane = $lane GROUP BY position, time_ms
            UNION ALL
            SELECT position, time_ms, tries, 1 FROM delivery_waiting WHERE lane = $lane AND position >= $position
            UNION ALL
            SELECT position, time_ms, tries, 1 FROM delivery_waiting AS dead
            WHERE lane IN (SELECT number FROM delivery_lanes WHERE subscription = $subscription AND number <> $lane)
              AND position >= $position
              AND dead_at >= (SELECT min(at) FROM delivery_history WHERE subscription = $subscription AND lane = $lane
                AND position = dead.position)
            """,
            static row => new StoredOutcome(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3) != 0),
            ("$subscription", subscription), ("$lane", lane.Number), ("$position", lane.Cursor.Position));

    /// <summary>The ranges of positions that a subscription never gets.</summary>
    public static List<StoredRange> ReadRanges(SqliteConnection connection, long subscription) => connection.Query(
        """
        SELECT log, from_position, end_position, reason, at FROM delivery_ranges WHERE subscription = $subscription
        ORDER BY number
        """,
        static row => new StoredRange(
            row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetString(3),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
        ("$subscription", subscription));

    /// <summary>Deletes a lane with its waiting deliveries.</summary>
    public static void DeleteLane(SqliteConnection connection, long lane) =>
        connection.Execute("DELETE FROM delivery_lanes WHERE number = $lane", ("$lane", lane));

    private static StoredSubscription ReadSubscription(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
        (SubscriptionState)row.GetInt32(6), row.GetInt64(7),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
        row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        row.GetInt64(10),
        row.IsDBNull(11) ? null : new LastError(
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)), row.GetString(12),
            row.IsDBNull(13) ? null : row.GetInt32(13), row.GetString(14)));

    private static long LastNumber(SqliteConnection connection) =>
        connection.Query("SELECT last_insert_rowid()", static row => row.GetInt64(0)).Single();
}

/// <summary>A subscription as the database keeps it.</summary>
internal sealed record StoredSubscription(
    long Number, string Id, string Feature, string Owner, string Definition, long Version, SubscriptionState State,
    long StartPosition, DateTimeOffset CreatedAt, DateTimeOffset? DownSince, long ExpiredCount, LastError? LastError);

/// <summary>A lane as the database keeps it.</summary>
internal sealed record StoredLane(
    long Number, long Subscription, string Log, LaneCursor Cursor, long StartPosition, long? EndPosition);

/// <summary>Waiting deliveries of one line.</summary>
internal readonly record struct StoredLine(long Lane, ulong Line, int Count, long Bytes);

/// <summary>Positions that a subscription never gets; without an end if it is unknown.</summary>
internal sealed record StoredRange(string Log, long From, long? End, string Reason, DateTimeOffset At);

/// <summary>What is known about a record above a cursor.</summary>
internal readonly record struct StoredOutcome(long Position, long TimeMs, int Tries, bool IsSettled);
