using System.Data.Common;
using System.Globalization;

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>The database of the wiki, with the tables of the outbox.</summary>
internal sealed class OutboxDatabase
{
    /// <exception cref="NotSupportedException">The outbox cannot use the connections.</exception>
    public OutboxDatabase(OutboxDialect dialect, DbDataSource source)
    {
        Dialect = SqlDialect.Of(dialect);
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

                await connection.Command(Dialect.Script).ExecuteAsync(cancellation).ConfigureAwait(false);
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
        }
    }
}
