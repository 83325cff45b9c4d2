using System.Data;
using System.Data.Common;
using System.Globalization;

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>The database of the wiki, with the tables of the outbox.</summary>
internal sealed class OutboxDatabase
{
    /// <exception cref="NotSupportedException">The outbox cannot use the connections.</exception>
    public OutboxDatabase(OutboxDatabaseKind kind, DbDataSource source)
    {
        Dialect = SqlDialect.Of(kind);
        Dialect.CheckSource(source);
        Source = source;
    }

    public SqlDialect Dialect { get; }

    public DbDataSource Source { get; }

    public Task<DbConnection> OpenAsync(CancellationToken cancellation) =>
        Source.OpenConnectionAsync(cancellation).AsTask();

    /// <summary>Checks the tables. If they are missing, they are made.</summary>
    /// <param name="mayCreate">Whether they may be made.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OutboxTablesException">They are missing, or have another version.</exception>
    public async Task CheckTablesAsync(bool mayCreate, CancellationToken cancellation)
    {
        var connection = await OpenAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (await connection.Command(Dialect.TablesQuery).ScalarAsync(cancellation).ConfigureAwait(false) is null)
            {
                if (!mayCreate)
                {
                    throw new OutboxTablesException(
                        "The database does not have the tables of the outbox. Execute IOutboxAdministration.Script, or "
                        + "set Outbox.CreatesTables.");
                }

                try
                {
                    await CreateTablesAsync(connection, cancellation).ConfigureAwait(false);
                }
                catch (DbException exception) when (connection.State == ConnectionState.Open)
                {
                    throw new OutboxTablesException($"The tables of the outbox cannot be made: {exception.Message}");
                }
            }

            var version = Convert.ToInt32(
                await connection.Command("SELECT version FROM outbox_state").ScalarAsync(cancellation)
                    .ConfigureAwait(false),
                CultureInfo.InvariantCulture);
            if (version != SqlDialect.Version)
            {
                throw new OutboxTablesException(
                    $"The tables of the outbox have the version {version}; this version of WikiBus.Producer works with "
                    + $"{SqlDialect.Version}.");
            }

            await CheckColumnsAsync(connection, cancellation).ConfigureAwait(false);
        }
    }

    // The script leaves a table alone that has the same name.
    private static async Task CheckColumnsAsync(DbConnection connection, CancellationToken cancellation)
    {
        foreach (var (table, columns) in ((string, string)[])
            [("outbox", "id, dialect, service, created, events"), ("outbox_parked", "retry_at, event, outbox_created")])
        {
            try
            {
                await connection.Command($"SELECT {columns} FROM {table} WHERE 1 = 0").ScalarAsync(cancellation)
                    .ConfigureAwait(false);
            }
            catch (DbException exception) when (connection.State == ConnectionState.Open)
            {
                throw new OutboxTablesException(
                    $"The table {table} is missing, or the wiki has another one of this name: {exception.Message}");
            }
        }
    }

    private async Task CreateTablesAsync(DbConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            foreach (var text in (string?[])[Dialect.ScriptLock, Dialect.Script])
            {
                if (text is not null)
                {
                    await connection.Command(text).Within(transaction).ExecuteAsync(cancellation).ConfigureAwait(false);
                }
            }

            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
