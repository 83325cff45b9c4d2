using Microsoft.Data.Sqlite;

namespace WikiBus.Server.State;

/// <summary>Runs a statement or a query in one call.</summary>
internal static class SqliteExtensions
{
    /// <summary>Runs a statement or a script.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public static int Execute(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>
    /// Compiles a statement for many executions in the open transaction. Its parameters are <c>$1</c>, <c>$2</c> and so
    /// on.
    /// </summary>
    public static SqliteCommand Compile(this SqliteConnection connection, string sql, int parameterCount)
    {
        var command = connection.CreateCommand(sql, []);
        for (var number = 1; number <= parameterCount; number++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${number}" });
        }

        return command;
    }

    /// <summary>Executes a compiled statement with all its parameters, in their order.</summary>
    public static void Execute(this SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index];
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Reads all rows of a query.</summary>
    public static List<T> Query<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static SqliteCommand CreateCommand(
        this SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        // The command gets the connection's open transaction.
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
