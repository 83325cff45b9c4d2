using System.Data.Common;

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>
/// PostgreSQL with Npgsql. The relay that leads has an advisory lock, which ends with its connection.
/// </summary>
internal sealed class PostgreSqlDialect : SqlDialect
{
    private const string Channel = "wikibus_outbox";

    // Any number: with that of the table it makes a lock of its own for each schema.
    private const int LockClass = 0x57694275;

    // If the relay's machine or network goes away, the server notices within half a minute, in place of two hours. The
    // other settings can be the role's, for the sessions of the wiki. Old versions do not have all of them.
    private const string OwnSettings =
        """
        SELECT set_config(name, value, false) FROM pg_settings JOIN (VALUES
            ('tcp_keepalives_idle', '10'), ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '3'),
            ('idle_session_timeout', '0'), ('statement_timeout', '0'), ('lock_timeout', '0'),
            ('default_transaction_isolation', 'read committed')) AS own (name, value) USING (name)
        """;

    // PostgreSQL can fail if two processes create the same table at the same time.
    public override string ScriptLock => $"SELECT pg_advisory_xact_lock({LockClass})";

    public override string Script =>
        $"""
        CREATE TABLE IF NOT EXISTS outbox (
            id bigint GENERATED ALWAYS AS IDENTITY,
            dialect text NOT NULL,
            service text NOT NULL,
            created bigint NOT NULL,
            events bytea NOT NULL,
            PRIMARY KEY (dialect, service, id));
        CREATE TABLE IF NOT EXISTS outbox_parked (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            dialect text NOT NULL,
            service text NOT NULL,
            stream text NOT NULL,
            message text NOT NULL,
            parked bigint NOT NULL,
            retry_at bigint,
            event bytea NOT NULL,
            outbox_id bigint NOT NULL,
            outbox_created bigint NOT NULL,
            outbox_index int NOT NULL,
            UNIQUE (outbox_id, outbox_created, outbox_index));
        CREATE TABLE IF NOT EXISTS outbox_state (version int NOT NULL);
        INSERT INTO outbox_state (version) SELECT {Version} WHERE NOT EXISTS (SELECT FROM outbox_state);
        """;

    public override string TablesQuery => "SELECT 1 WHERE to_regclass('outbox_state') IS NOT NULL";

    protected override string OtherConnectionType => "SqliteConnection";

    public override string LengthFunction => "octet_length";

    // With multiplexing, each command can run on another connection. The lock would be on any of them.
    public override void CheckSource(DbDataSource source)
    {
        base.CheckSource(source);
        var settings = new DbConnectionStringBuilder { ConnectionString = source.ConnectionString };
        if (settings.TryGetValue("Multiplexing", out var value)
            && string.Equals(value.ToString(), bool.TrueString, StringComparison.OrdinalIgnoreCase))
        {
            throw new NotSupportedException(
                "The outbox cannot use connections with Multiplexing; give it a data source without it.");
        }
    }

    public override async Task<IRelayLead?> TryLeadAsync(
        DbConnection connection, TimeProvider clock, CancellationToken cancellation)
    {
        var text = $"SELECT pg_try_advisory_lock({LockClass}, 'outbox'::regclass::oid::int)";
        if (await connection.Command(text).ScalarAsync(cancellation).ConfigureAwait(false) is not true)
        {
            return null;
        }

        await connection.Command(OwnSettings).ExecuteAsync(cancellation).ConfigureAwait(false);

        // A relay that cannot delete rows would send them again and again.
        await connection.Command("UPDATE outbox_state SET version = version").ExecuteAsync(cancellation)
            .ConfigureAwait(false);
        return new Lead(connection);
    }

    public override async Task<bool> TryNotifyAsync(DbDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await connection.Command($"NOTIFY {Channel}").ExecuteAsync(cancellation).ConfigureAwait(false);
            return true;
        }
    }

    public override async Task<bool> TryListenAsync(
        DbDataSource source, Action notified, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // ADO.NET has no such method. It is found by its name, so that this library does not depend on Npgsql.
            var wait = connection.GetType().GetMethod("WaitAsync", [typeof(CancellationToken)])
                ?.CreateDelegate<Func<CancellationToken, Task>>(connection);
            if (wait is null)
            {
                return false;
            }

            await connection.Command(OwnSettings).ExecuteAsync(cancellation).ConfigureAwait(false);
            await connection.Command($"LISTEN {Channel}").ExecuteAsync(cancellation).ConfigureAwait(false);
            while (true)
            {
                notified();
                await wait(cancellation).ConfigureAwait(false);
            }
        }
    }

    private sealed class Lead(DbConnection connection) : IRelayLead
    {
        public TimeSpan RenewalInterval { get; } = TimeSpan.FromSeconds(10);

        // The lock is there as long as the connection is.
        public async Task<bool> RenewAsync(CancellationToken cancellation) =>
            await connection.Command("SELECT 1").ScalarAsync(cancellation).ConfigureAwait(false) is not null;

        public async ValueTask DisposeAsync()
        {
            // A pool would keep the connection and its lock.
            await connection.Command("SELECT pg_advisory_unlock_all()").ExecuteAsync(CancellationToken.None)
                .ConfigureAwait(false);
        }
    }
}
