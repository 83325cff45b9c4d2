using System.Data.Common;

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>What differs between databases: the script of the tables, and how one relay excludes the others.</summary>
internal abstract class SqlDialect
{
    /// <summary>The version of the tables that this library works with.</summary>
    public const int Version = 1;

    public static SqlDialect Of(OutboxDatabaseKind kind) => kind switch
    {
        OutboxDatabaseKind.PostgreSql => new PostgreSqlDialect(),
        OutboxDatabaseKind.Sqlite => new SqliteDialect(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "PostgreSql and Sqlite are allowed."),
    };

    /// <summary>
    /// Makes the tables. It changes nothing if they are there. It belongs in a transaction, as a migration has one.
    /// </summary>
    public abstract string Script { get; }

    /// <summary>
    /// A statement that lets one process at a time execute the script; null if any transaction does that.
    /// </summary>
    public virtual string? ScriptLock => null;

    /// <summary>A query that has a row if the tables are there.</summary>
    public abstract string TablesQuery { get; }

    /// <summary>The name of the type of connections to the other kind of databases.</summary>
    protected abstract string OtherConnectionType { get; }

    /// <summary>The function that counts the bytes of a value.</summary>
    public abstract string LengthFunction { get; }

    /// <summary>Checks that the outbox can work with the connections.</summary>
    /// <exception cref="NotSupportedException">It cannot.</exception>
    public virtual void CheckSource(DbDataSource source)
    {
        // Other types may be those of this driver, in the wrapper of another library.
        using var connection = source.CreateConnection();
        if (connection.GetType().Name == OtherConnectionType)
        {
            throw new NotSupportedException(
                $"The data source of the outbox opens {connection.GetType()}; that is another OutboxDatabaseKind.");
        }
    }

    /// <summary>Begins to be the only relay of the database; null if another process is.</summary>
    /// <param name="connection">The relay's own connection.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellation">Ends the try.</param>
    public abstract Task<IRelayLead?> TryLeadAsync(
        DbConnection connection, TimeProvider clock, CancellationToken cancellation);

    /// <summary>Tells the relay of another process that there are rows, if the database can do that.</summary>
    /// <returns>False if it cannot.</returns>
    public virtual Task<bool> TryNotifyAsync(DbDataSource source, CancellationToken cancellation) =>
        Task.FromResult(false);

    /// <summary>Waits for what <see cref="TryNotifyAsync"/> tells, until the connection fails.</summary>
    /// <returns>False if the database does not have that.</returns>
    public virtual Task<bool> TryListenAsync(
        DbDataSource source, Action notified, CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>Writes the statement that inserts rows.</summary>
    public void WriteInsert(DbCommand command, DateTimeOffset time, IEnumerable<NewRow> rows)
    {
        var values = new List<string>();
        foreach (var row in rows)
        {
            var i = values.Count;
            values.Add($"(@dialect{i}, @service{i}, @created, @events{i})");
            command.Add($"@dialect{i}", row.Queue.Dialect);
            command.Add($"@service{i}", row.Queue.Service);
            command.Add($"@events{i}", row.Events);
        }

        command.Add("@created", time.ToUnixTimeMilliseconds());
        command.CommandText =
            $"INSERT INTO outbox (dialect, service, created, events) VALUES {string.Join(", ", values)}";
    }
}

/// <summary>A row that is written.</summary>
/// <param name="Queue">The queue that it waits in.</param>
/// <param name="Events">Its events (<see cref="OutboxBody"/>).</param>
internal sealed record NewRow(OutboxQueue Queue, byte[] Events);
