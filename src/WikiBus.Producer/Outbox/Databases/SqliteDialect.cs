using System.Data.Common;

namespace WikiBus.Producer.Outbox.Databases;

/// <summary>
/// SQLite with Microsoft.Data.Sqlite. The relay that leads has a lease, which it renews. Ids are never used twice, so
/// that a relay whose lease ended cannot delete rows that it did not send.
/// </summary>
internal sealed class SqliteDialect : SqlDialect
{
    // The lease is this process's, so that it can continue at once if its database failed.
    private readonly string _holder = Guid.NewGuid().ToString();

    public override string Script =>
        $"""
        CREATE TABLE IF NOT EXISTS outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            dialect TEXT NOT NULL,
            service TEXT NOT NULL,
            created INTEGER NOT NULL,
            events BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS outbox_queue ON outbox (dialect, service);
        CREATE TABLE IF NOT EXISTS outbox_parked (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            dialect TEXT NOT NULL,
            service TEXT NOT NULL,
            stream TEXT NOT NULL,
            message TEXT NOT NULL,
            parked INTEGER NOT NULL,
            retry_at INTEGER,
            event BLOB NOT NULL,
            outbox_id INTEGER NOT NULL,
            outbox_created INTEGER NOT NULL,
            outbox_index INTEGER NOT NULL,
            UNIQUE (outbox_id, outbox_created, outbox_index));
        CREATE TABLE IF NOT EXISTS outbox_state (
            version INTEGER NOT NULL,
            holder TEXT NOT NULL DEFAULT '',
            lease_end INTEGER NOT NULL DEFAULT 0);
        INSERT INTO outbox_state (version) SELECT {Version} WHERE NOT EXISTS (SELECT 1 FROM outbox_state);
        """;

    public override string TablesQuery => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'outbox_state'";

    protected override string OtherConnectionType => "NpgsqlConnection";

    public override string LengthFunction => "length";

    public override async Task<IRelayLead?> TryLeadAsync(
        DbConnection connection, TimeProvider clock, CancellationToken cancellation)
    {
        var lead = new Lead(connection, _holder, clock);
        return await lead.TryBeginAsync(cancellation).ConfigureAwait(false) ? lead : null;
    }

    private sealed class Lead(DbConnection connection, string holder, TimeProvider clock) : IRelayLead
    {
        private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(10);

        public TimeSpan RenewalInterval { get; } = TimeSpan.FromSeconds(3);

        // A lease that is too long was given before the clock went back.
        public Task<bool> TryBeginAsync(CancellationToken cancellation) =>
            TryUpdateAsync("holder = @holder OR lease_end <= @now OR lease_end > @now + @lease", cancellation);

        // The clocks of processes can differ. Then each could find that the lease of the other has ended.
        public Task<bool> RenewAsync(CancellationToken cancellation) =>
            TryUpdateAsync("holder = @holder", cancellation);

        public async ValueTask DisposeAsync()
        {
            const string Text = "UPDATE outbox_state SET lease_end = 0 WHERE holder = @holder";
            await connection.Command(Text, ("@holder", holder)).ExecuteAsync(CancellationToken.None)
                .ConfigureAwait(false);
        }

        private async Task<bool> TryUpdateAsync(string condition, CancellationToken cancellation)
        {
            var text = $"UPDATE outbox_state SET holder = @holder, lease_end = @now + @lease WHERE {condition}";
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return await connection
                .Command(text, ("@holder", holder), ("@now", now), ("@lease", (long)s_lease.TotalMilliseconds))
                .ExecuteAsync(cancellation).ConfigureAwait(false) > 0;
        }
    }
}
