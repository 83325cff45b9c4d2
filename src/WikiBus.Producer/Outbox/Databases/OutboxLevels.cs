namespace WikiBus.Producer.Outbox.Databases;

/// <summary>Counts what waits in the tables.</summary>
internal sealed class OutboxLevels(OutboxDatabase database, TimeProvider clock)
{
    private const string Text =
        """
        SELECT dialect, service, CAST(sum(waiting) AS bigint), min(first), CAST(sum(retrying) AS bigint),
            CAST(sum(parked) AS bigint) FROM (
            SELECT dialect, service, count(*) AS waiting, min(created) AS first, 0 AS retrying, 0 AS parked
            FROM outbox GROUP BY dialect, service
            UNION ALL
            SELECT dialect, service, 0, NULL, count(retry_at), count(*) - count(retry_at)
            FROM outbox_parked GROUP BY dialect, service) AS counts
        GROUP BY dialect, service ORDER BY dialect DESC, service
        """;

    /// <summary>What waits for each service that something waits for.</summary>
    public async Task<IReadOnlyList<QueueLevel>> ReadAsync(CancellationToken cancellation)
    {
        var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var now = clock.GetUtcNow();
            return await connection.Command(Text).ListAsync(
                row => new QueueLevel(
                    new OutboxQueue(row.GetString(0), row.GetString(1)),
                    row.GetInt64(2),
                    row.IsDBNull(3) ? TimeSpan.Zero : now - DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                    row.GetInt64(4),
                    row.GetInt64(5)),
                cancellation).ConfigureAwait(false);
        }
    }
}

/// <summary>What waits for a service.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Rows">How many rows wait.</param>
/// <param name="OldestAge">How long ago the first of them was written.</param>
/// <param name="Retrying">How many events are sent again, outside of the order.</param>
/// <param name="Parked">How many events wait for a person.</param>
internal sealed record QueueLevel(OutboxQueue Queue, long Rows, TimeSpan OldestAge, long Retrying, long Parked);
