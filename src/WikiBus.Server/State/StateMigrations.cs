using Microsoft.Data.Sqlite;

namespace WikiBus.Server.State;

/// <summary>Brings the tables of all features to the versions that this program knows, in one transaction.</summary>
internal static class StateMigrations
{
    private const string Table =
        "CREATE TABLE migrations (feature TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID";

    /// <summary>Makes the table of versions in a new database.</summary>
    public static void Prepare(SqliteConnection connection) => connection.Execute(Table);

    /// <exception cref="StateException">A feature or version is unknown: a newer program wrote it. Or a row has no
    /// version.</exception>
    public static void Run(SqliteConnection connection, IReadOnlyCollection<StateSchema> schemas)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        // A change at each start, so that a file that cannot be written is noticed now and not with the first key.
        connection.Execute("UPDATE migrations SET version = version");
        var versions = Versions(connection);
        foreach (var unknown in versions.Keys.Except(schemas.Select(schema => schema.Feature), StringComparer.Ordinal))
        {
            throw Newer(unknown, versions[unknown]);
        }

        foreach (var schema in schemas)
        {
            Run(connection, schema, versions.GetValueOrDefault(schema.Feature));
        }

        transaction.Commit();
    }

    private static void Run(SqliteConnection connection, StateSchema schema, long version)
    {
        if (version > schema.Steps.Count)
        {
            throw Newer(schema.Feature, version);
        }

        if (version == schema.Steps.Count)
        {
            return;
        }

        foreach (var step in schema.Steps.Skip((int)version))
        {
            connection.Execute(step);
        }

        connection.Execute(
            "INSERT OR REPLACE INTO migrations (feature, version) VALUES ($feature, $version)",
            ("$feature", schema.Feature), ("$version", schema.Steps.Count));
    }

    /// <summary>SQLite keeps a value of any type in any column, and would read junk as 0.</summary>
    private static Dictionary<string, long> Versions(SqliteConnection connection) => connection
        .Query("SELECT feature, version FROM migrations", static row => row.GetValue(1) is long version and > 0
            ? (row.GetString(0), version)
            : throw StateFile.Damaged($"the row '{row.GetValue(0)}' of migrations has no version"))
        .ToDictionary(StringComparer.Ordinal);

    private static StateException Newer(string feature, long version) => new(
        $"{StateDatabase.FileName} was written by a newer version of WikiBus (the tables of {feature} have version "
        + $"{version}). Start that version, or bring back the copy of before the upgrade.");
}
