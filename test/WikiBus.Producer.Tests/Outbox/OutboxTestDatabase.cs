using System.Data.Common;
using System.Globalization;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>A database for one test.</summary>
internal sealed class OutboxTestDatabase(OutboxDatabaseKind kind, string connectionString, DbDataSource source)
    : IAsyncDisposable
{
    public OutboxDatabaseKind Kind => kind;

    public string ConnectionString => connectionString;

    public DbDataSource Source => source;

    /// <summary>Executes a statement.</summary>
    public async Task<int> ExecuteAsync(string text)
    {
        await using var connection = await source.OpenConnectionAsync(TestTime.Token());
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return await command.ExecuteNonQueryAsync(TestTime.Token());
    }

    /// <summary>The first value of a query.</summary>
    public async Task<object?> ScalarAsync(string text)
    {
        await using var connection = await source.OpenConnectionAsync(TestTime.Token());
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return await command.ExecuteScalarAsync(TestTime.Token());
    }

    /// <summary>How many rows a table has.</summary>
    public async Task<long> CountAsync(string table) =>
        Convert.ToInt64(await ScalarAsync($"SELECT count(*) FROM {table}"), CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
