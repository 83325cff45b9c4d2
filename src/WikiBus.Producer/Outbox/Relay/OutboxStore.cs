using System.Data.Common;
using System.Globalization;
using System.Text;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>
/// The tables, as the relay that leads reads and changes them, on the connection that also has its lead. It is safe
/// for concurrent use: statements wait for each other.
/// </summary>
internal sealed class OutboxStore(DbConnection connection, SqlDialect dialect, TimeProvider clock) : IDisposable
{
    /// <summary>Most rows that are read at once.</summary>
    public const int RowsMax = 1000;

    // A service can answer with many megabytes.
    private const int TextLengthMax = 2000;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The first rows of a queue, with about as many bytes as asked for.</summary>
    public Task<List<(long Id, byte[] Events)>> ReadRowsAsync(
        OutboxQueue queue, int bytes, CancellationToken cancellation)
    {
        // "before" is the sum of the bytes of the rows before. SQLite copies what it sums up, so that has no events.
        var text =
            $"""
            SELECT id, events FROM outbox WHERE dialect = @dialect AND service = @service AND id <= (
                SELECT max(id) FROM (
                    SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM (
                        SELECT id, {dialect.LengthFunction}(events) AS size FROM outbox
                        WHERE dialect = @dialect AND service = @service ORDER BY id LIMIT {RowsMax}) AS first) AS sums
                WHERE before < @bytes)
            ORDER BY id LIMIT {RowsMax}
            """;
        return InTurnAsync(
            () => Command(queue, text, ("@bytes", bytes)).ListAsync(
                row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation),
            cancellation);
    }

    /// <summary>The parked events that are to be sent again now, with about as many bytes as asked for.</summary>
    public Task<List<PendingEvent>> ReadDueAsync(OutboxQueue queue, int bytes, CancellationToken cancellation)
    {
        var text =
            $"""
            SELECT id, event, parked FROM outbox_parked
            WHERE dialect = @dialect AND service = @service AND retry_at <= @now AND id <= (
                SELECT max(id) FROM (
                    SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM (
                        SELECT id, {dialect.LengthFunction}(event) AS size FROM outbox_parked
                        WHERE dialect = @dialect AND service = @service AND retry_at <= @now
                        ORDER BY id LIMIT {RowsMax}) AS first) AS sums
                WHERE before < @bytes)
            ORDER BY id LIMIT {RowsMax}
            """;
        return InTurnAsync(
            () => Command(queue, text, ("@bytes", bytes), ("@now", Now)).ListAsync(
                row => new PendingEvent(row.GetInt64(0), 0, row.GetFieldValue<byte[]>(1))
                {
                    ParkedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
                },
                cancellation),
            cancellation);
    }

    /// <summary>When the next parked event is to be sent again; null if none is.</summary>
    public Task<DateTimeOffset?> NextRetryAsync(OutboxQueue queue, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            const string Text =
                "SELECT min(retry_at) FROM outbox_parked WHERE dialect = @dialect AND service = @service";
            var time = await Command(queue, Text).ScalarAsync(cancellation).ConfigureAwait(false);
            return time is long value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : (DateTimeOffset?)null;
        },
        cancellation);

    /// <summary>Parks events that were refused, and deletes rows whose events are settled.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="rows">The rows of <c>outbox</c> that are deleted.</param>
    /// <param name="parked">The events that are parked, and when they are sent again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task SettleAsync(
        OutboxQueue queue,
        IReadOnlyList<long> rows,
        IReadOnlyList<(Refusal Refusal, DateTimeOffset? RetryAt)> parked,
        CancellationToken cancellation) => InTransactionAsync(
        async transaction =>
        {
            // Another relay may have settled the row since this one read it, and the event may be dropped already.
            const string Park =
                """
                INSERT INTO outbox_parked
                    (dialect, service, stream, message, parked, retry_at, event,
                    outbox_id, outbox_created, outbox_index)
                SELECT dialect, service, @stream, @message, @now, CAST(@retry AS bigint), @event, id, created, @index
                FROM outbox WHERE dialect = @dialect AND service = @service AND id = @row
                ON CONFLICT (outbox_id, outbox_created, outbox_index) DO NOTHING
                """;
            foreach (var (refusal, retryAt) in parked)
            {
                await Command(
                    queue,
                    Park,
                    ("@stream", Storable(refusal.Stream)),
                    ("@message", Storable(refusal.Message)),
                    ("@now", Now),
                    ("@retry", retryAt?.ToUnixTimeMilliseconds()),
                    ("@event", refusal.Event.Bytes.ToArray()),
                    ("@row", refusal.Event.RowId),
                    ("@index", refusal.Event.Index))
                    .Within(transaction).ExecuteAsync(cancellation).ConfigureAwait(false);
            }

            if (rows.Count > 0)
            {
                await Command(
                    queue,
                    $"DELETE FROM outbox WHERE dialect = @dialect AND service = @service AND id IN ({List(rows)})")
                    .Within(transaction).ExecuteAsync(cancellation).ConfigureAwait(false);
            }
        },
        cancellation);

    /// <summary>Deletes parked events that were accepted, and changes those that were refused.</summary>
    /// <param name="accepted">The ids of those that were accepted.</param>
    /// <param name="refused">The others, and when they are sent again; null leaves that to a person.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task SettleRetriedAsync(
        IReadOnlyList<long> accepted,
        IReadOnlyList<(Refusal Refusal, DateTimeOffset? RetryAt)> refused,
        CancellationToken cancellation) => InTransactionAsync(
        async transaction =>
        {
            const string Update =
                """
                UPDATE outbox_parked SET message = @message, retry_at = CAST(@retry AS bigint) WHERE id = @id
                """;
            foreach (var (refusal, retryAt) in refused)
            {
                await connection.Command(
                    Update,
                    ("@message", Storable(refusal.Message)),
                    ("@retry", retryAt?.ToUnixTimeMilliseconds()),
                    ("@id", refusal.Event.RowId))
                    .Within(transaction).ExecuteAsync(cancellation).ConfigureAwait(false);
            }

            if (accepted.Count > 0)
            {
                await connection.Command($"DELETE FROM outbox_parked WHERE id IN ({List(accepted)})")
                    .Within(transaction).ExecuteAsync(cancellation).ConfigureAwait(false);
            }
        },
        cancellation);

    /// <summary>Remains the only relay.</summary>
    public Task<bool> RenewAsync(IRelayLead lead, CancellationToken cancellation) =>
        InTurnAsync(() => lead.RenewAsync(cancellation), cancellation);

    public void Dispose() => _turn.Dispose();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    // PostgreSQL takes no character 0, and no half of a surrogate pair, which the cut can leave.
    private static string Storable(string text) => Encoding.UTF8.GetString(
        Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, TextLengthMax)])).Replace('\0', '?');

    private static string List(IReadOnlyList<long> ids) =>
        string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    private DbCommand Command(
        OutboxQueue queue, string text, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        connection.Command(text, [("@dialect", queue.Dialect), ("@service", queue.Service), .. parameters]);

    private Task InTransactionAsync(Func<DbTransaction, Task> change, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await change(transaction).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }

            return true;
        },
        cancellation);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
