using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using WikiBus.Producer.Deki;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox.Operation;

/// <inheritdoc cref="IOutboxAdministration"/>
internal sealed class OutboxAdministration(
    OutboxDatabase database, OutboxLevels levels, OutboxSignal signal, TimeProvider clock) : IOutboxAdministration
{
    private const int CountMax = 1000;

    private const string Columns =
        "SELECT id, dialect, service, stream, message, parked, retry_at, event FROM outbox_parked";

    public string Script => database.Dialect.Script;

    public Task CreateTablesAsync(CancellationToken cancellationToken) =>
        database.CheckTablesAsync(mayCreate: true, cancellationToken);

    public async Task<IReadOnlyList<OutboxLevel>> GetLevelsAsync(CancellationToken cancellationToken) =>
        [.. (await levels.ReadAsync(cancellationToken).ConfigureAwait(false)).Select(level => new OutboxLevel(
            level.Queue.Service, level.Rows, level.OldestAge, level.Retrying, level.Parked))];

    public async Task<IReadOnlyList<ParkedEvent>> ListParkedAsync(
        long after, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var rows = await connection
                .Command($"{Columns} WHERE id > @after ORDER BY id LIMIT {count}", ("@after", after))
                .ListAsync(Read, cancellationToken).ConfigureAwait(false);
            return [.. rows.Select(row => row.Event)];
        }
    }

    public async Task<bool> RetryParkedAsync(
        long id, ReadOnlyMemory<byte>? corrected, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var rows = await connection.Command($"{Columns} WHERE id = @id", ("@id", id)).Within(transaction)
                    .ListAsync(Read, cancellationToken).ConfigureAwait(false);
                if (rows is not [var row]
                    || !await DropAsync(connection, transaction, id, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                var bytes = corrected is { } text ? Corrected(row, text) : row.Bytes;
                var insert = connection.CreateCommand().Within(transaction);
                database.Dialect.WriteInsert(
                    insert, clock.GetUtcNow(), [new NewRow(row.Queue, OutboxBody.Join(row.Queue.Dialect, [bytes]))]);
                await insert.ExecuteAsync(cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        signal.Wake();
        return true;
    }

    public async Task<bool> DropParkedAsync(long id, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await DropAsync(connection, null, id, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> DropAsync(
        DbConnection connection, DbTransaction? transaction, long id, CancellationToken cancellation)
    {
        var command = connection.Command("DELETE FROM outbox_parked WHERE id = @id", ("@id", id)).Within(transaction);
        return await command.ExecuteAsync(cancellation).ConfigureAwait(false) > 0;
    }

    private static byte[] Corrected(ParkedRow row, ReadOnlyMemory<byte> corrected)
    {
        try
        {
            if (!Utf8.IsValid(corrected.Span))
            {
                throw new ArgumentException("The text is not UTF-8.", nameof(corrected));
            }

            if (row.Queue.Dialect == DekiPosts.Dialect)
            {
                var (id, item) = OutboxBody.ReadDeki(row.Bytes);
                return OutboxBody.WriteDeki(
                    Guid.Parse(id), item with { Document = Encoding.UTF8.GetString(corrected.Span) });
            }

            var meta = MediaWikiEventCheck.ReadMeta(corrected);
            if (meta.Id is not null && meta == MediaWikiEventCheck.ReadMeta(row.Bytes))
            {
                return corrected.ToArray();
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new ArgumentException(
                $"The text or the parked event cannot be read: {exception.Message}", nameof(corrected), exception);
        }

        throw new ArgumentException(
            "The text must have the same meta.stream and meta.id as the event.", nameof(corrected));
    }

    private static ParkedRow Read(DbDataReader row)
    {
        var queue = new OutboxQueue(row.GetString(1), row.GetString(2));
        var bytes = row.GetFieldValue<byte[]>(7);
        return new ParkedRow(queue, bytes, new ParkedEvent(
            row.GetInt64(0),
            queue.Service,
            row.GetString(3),
            row.GetString(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            TextOf(queue, bytes)));
    }

    // A row that could not be read is parked as it is.
    private static byte[] TextOf(OutboxQueue queue, byte[] bytes)
    {
        try
        {
            return queue.Dialect == DekiPosts.Dialect
                ? Encoding.UTF8.GetBytes(OutboxBody.ReadDeki(bytes).Event.Document)
                : bytes;
        }
        catch (FormatException)
        {
            return bytes;
        }
    }

    private sealed record ParkedRow(OutboxQueue Queue, byte[] Bytes, ParkedEvent Event);
}
