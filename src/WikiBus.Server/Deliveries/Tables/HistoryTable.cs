using Microsoft.Data.Sqlite;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Tables;

/// <summary>Reads and prunes the history of tries.</summary>
internal static class HistoryTable
{
    private const string Columns = "number, subscription, lane, position, time_ms, stream, stream_offset, try, "
        + "verdict, status, message, at, duration_ms";

    /// <summary>Tries of a subscription, the newest first.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="subscription">The number of the subscription.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="before">The number of the last one of the page before; null: from the newest.</param>
    /// <param name="limit">Most rows.</param>
    public static List<NumberedTry> Read(
        SqliteConnection connection, long subscription, HistoryFilter filter, long? before, int limit)
    {
        List<(string, object)> parameters =
        [
            ("$subscription", subscription), ("$before", before ?? long.MaxValue), ("$limit", limit),
        ];
        return connection.Query(
            $"""
            SELECT {Columns} FROM delivery_history WHERE subscription = $subscription AND number < $before
            {filter.Terms(parameters)} ORDER BY number DESC LIMIT $limit
            """,
            ReadTry,
            [.. parameters]);
    }

    /// <summary>
    /// The try that says most about a record: the newest that succeeded, else the newest that ended it, else the newest
    /// of all; null: there was none.
    /// </summary>
    public static DeliveryTry? FindDecisive(SqliteConnection connection, long subscription, HistoryFilter filter)
    {
        List<(string, object)> parameters = [("$subscription", subscription)];
        return connection.Query(
            $"""
            SELECT {Columns} FROM delivery_history WHERE subscription = $subscription
            {filter.Terms(parameters)} ORDER BY verdict = {(int)Verdict.Done} DESC,
              verdict IN ({(int)Verdict.Expired}, {(int)Verdict.Dropped}) DESC, number DESC LIMIT 1
            """,
            ReadTry,
            [.. parameters]).SingleOrDefault()?.Try;
    }

    /// <summary>
    /// Removes old rows among the next ones. It keeps those that a start needs: at or above the cursor of their lane.
    /// </summary>
    /// <param name="connection">The database, in a transaction.</param>
    /// <param name="after">The number of the last row that was looked at.</param>
    /// <param name="until">Rows that ended earlier are old.</param>
    /// <param name="rowsMax">Of more rows than this, the oldest are old, too.</param>
    /// <param name="limit">Most rows that are looked at.</param>
    public static PruneStep Prune(
        SqliteConnection connection, long after, DateTimeOffset until, long rowsMax, int limit)
    {
        var rows = connection.Query(
            """
            SELECT number, at < $until OR number <= (SELECT max(number) FROM delivery_history) - $max, EXISTS (
                SELECT 1 FROM delivery_lanes l WHERE l.number = h.lane AND h.position >= l.position)
            FROM delivery_history h WHERE number > $after ORDER BY number LIMIT $limit
            """,
            static row => (Number: row.GetInt64(0), IsOld: row.GetBoolean(1), IsNeeded: row.GetBoolean(2)),
            ("$after", after), ("$until", until.ToUnixTimeMilliseconds()), ("$max", rowsMax), ("$limit", limit));
        var old = rows.TakeWhile(static row => row.IsOld).ToList();
        foreach (var (number, _, _) in old.Where(static row => !row.IsNeeded))
        {
            connection.Execute("DELETE FROM delivery_history WHERE number = $number", ("$number", number));
        }

        return new PruneStep(old.Count, old.Count > 0 ? old[^1].Number : after);
    }

    private static NumberedTry ReadTry(SqliteDataReader row) => new(
        row.GetInt64(0),
        new DeliveryTry(
            row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5), row.GetInt64(6),
            row.GetInt32(7), (Verdict)row.GetInt32(8), row.IsDBNull(9) ? null : row.GetInt32(9),
            row.IsDBNull(10) ? null : row.GetString(10), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
            TimeSpan.FromMilliseconds(row.GetInt64(12))));
}

/// <summary>A try and the number of its row.</summary>
internal sealed record NumberedTry(long Number, DeliveryTry Try);

/// <summary>How many rows a step looked at, and the last one.</summary>
internal readonly record struct PruneStep(int Count, long Last);
