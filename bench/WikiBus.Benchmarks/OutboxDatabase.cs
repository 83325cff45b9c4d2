using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using WikiBus.Producer;
using WikiBus.TestDatabases;

namespace WikiBus.Benchmarks;

/// <summary>A database with the tables of a small wiki: a file of SQLite, or a private PostgreSQL cluster.</summary>
internal sealed class OutboxDatabase : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly PostgreSqlCluster? _cluster;

    private OutboxDatabase(OutboxDatabaseKind kind, DbDataSource source, string? folder, PostgreSqlCluster? cluster)
    {
        (Kind, Source, _folder, _cluster) = (kind, source, folder, cluster);
    }

    public OutboxDatabaseKind Kind { get; }

    public DbDataSource Source { get; }

    /// <summary>Processor time of the server; that of SQLite is this process's.</summary>
    public TimeSpan ServerTime => _cluster is null ? TimeSpan.Zero : ProcessTree.ProcessorTime(_cluster.ProcessId);

    public static async Task<OutboxDatabase> CreateAsync(OutboxDatabaseKind kind)
    {
        OutboxDatabase database;
        if (kind == OutboxDatabaseKind.Sqlite)
        {
            var folder = Directory.CreateTempSubdirectory("wikibus-bench-outbox-").FullName;
            var source = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(folder, "wiki.db")}");
            database = new OutboxDatabase(kind, source, folder, null);
            await database.ExecuteAsync("PRAGMA journal_mode = WAL");
        }
        else
        {
            var cluster = await PostgreSqlCluster.StartAsync();
            var source = NpgsqlDataSource.Create(await cluster.CreateDatabaseAsync() + ";Max Auto Prepare=20");
            database = new OutboxDatabase(kind, source, null, cluster);
        }

        await database.ExecuteAsync("CREATE TABLE page (id bigint PRIMARY KEY, text text NOT NULL)");
        await database.ExecuteAsync("CREATE TABLE revision (id bigint PRIMARY KEY, page bigint, text text NOT NULL)");
        return database;
    }

    public async Task ExecuteAsync(string text)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
