using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

[assembly: AssemblyFixture(typeof(WikiBus.Producer.Tests.Outbox.OutboxDatabases))]

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Makes databases for tests: files of SQLite, and databases of one private PostgreSQL cluster.</summary>
public sealed class OutboxDatabases : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wikibus-outbox-").FullName;
    private readonly Lazy<Task<PostgreSqlCluster>> _cluster = new(PostgreSqlCluster.StartAsync);
    private int _files;

    /// <summary>An empty database. The test is skipped if the system does not have it.</summary>
    internal async Task<OutboxTestDatabase> CreateAsync(OutboxDatabaseKind kind)
    {
        if (kind == OutboxDatabaseKind.Sqlite)
        {
            var number = Interlocked.Increment(ref _files).ToString(CultureInfo.InvariantCulture);
            var text = $"Data Source={Path.Combine(_folder, number)}.db";
            return new OutboxTestDatabase(kind, text, SqliteFactory.Instance.CreateDataSource(text));
        }

        Assert.SkipWhen(PostgreSqlCluster.Programs is null, PostgreSqlCluster.SkipReason);
        var connection = await (await _cluster.Value).CreateDatabaseAsync();
        return new OutboxTestDatabase(kind, connection, NpgsqlDataSource.Create(connection));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        if (_cluster.IsValueCreated)
        {
            await (await _cluster.Value).DisposeAsync();
        }
    }
}
