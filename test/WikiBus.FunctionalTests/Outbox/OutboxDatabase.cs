using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>
/// The database of a wiki: a file of SQLite, or a private cluster of PostgreSQL. The test is skipped if the system does
/// not have it.
/// </summary>
internal sealed class OutboxDatabase : IAsyncDisposable
{
    private readonly TestDirectory _directory = new();

    private OutboxDatabase(OutboxDatabaseKind kind) => Kind = kind;

    public OutboxDatabaseKind Kind { get; }

    public string ConnectionString { get; private set; } = "";

    /// <summary>The cluster; null for SQLite.</summary>
    public PostgreSqlCluster? Cluster { get; private set; }

    public static async Task<OutboxDatabase> StartAsync(OutboxDatabaseKind kind)
    {
        Assert.SkipWhen(
            kind == OutboxDatabaseKind.PostgreSql && PostgreSqlCluster.Programs is null, PostgreSqlCluster.SkipReason);
        var database = new OutboxDatabase(kind);
        if (kind == OutboxDatabaseKind.Sqlite)
        {
            database.ConnectionString = $"Data Source={database._directory.Combine("wiki.db")}";
        }
        else
        {
            database.Cluster = await PostgreSqlCluster.StartAsync();
            database.ConnectionString = await database.Cluster.CreateDatabaseAsync();
        }

        return database;
    }

    /// <summary>A source of connections to it.</summary>
    /// <param name="settings">More settings of the connections.</param>
    public DbDataSource CreateSource(string settings = "") => Kind == OutboxDatabaseKind.Sqlite
        ? SqliteFactory.Instance.CreateDataSource($"{ConnectionString};{settings}")
        : NpgsqlDataSource.Create($"{ConnectionString};{settings}");

    /// <summary>Executes a statement, on a connection of its own.</summary>
    public async Task ExecuteAsync(string text)
    {
        await using var source = CreateSource("Pooling=false");
        await using var command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync(TestTime.Token());
    }

    /// <summary>The rows of a query, on a connection of its own.</summary>
    public async Task<List<T>> ListAsync<T>(string text, Func<DbDataReader, T> read)
    {
        await using var source = CreateSource("Pooling=false");
        await using var command = source.CreateCommand(text);
        await using var reader = await command.ExecuteReaderAsync(TestTime.Token());
        var rows = new List<T>();
        while (await reader.ReadAsync(TestTime.Token()))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The number that a query returns.</summary>
    public async Task<long> CountAsync(string text) => (await ListAsync(text, row => row.GetInt64(0)))[0];

    /// <summary>Waits until a query that counts returns this.</summary>
    public async Task WaitForCountAsync(string text, long expected)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (await CountAsync(text) != expected)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Waits until nothing is left to be sent.</summary>
    public Task WaitUntilSentAsync() => WaitForCountAsync("SELECT count(*) FROM outbox", 0);

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }

        _directory.Dispose();
    }
}
